import CCurl

/// Owns libcurl's multi handle, which drives all transfers.
///
/// Unchecked Sendable because libcurl protects what is shared: ``wake()`` is the one call that its manual allows from
/// any thread (https://curl.se/libcurl/c/curl_multi_wakeup.html). Every other method is called by ``TransferLoop`` on
/// its queue only, and the handle is freed when the last reference, the loop's or the mailbox's, is gone.
final class MultiHandle: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer?

    init() {
        _ = MultiHandle.globalInitialization
        pointer = curl_multi_init()
    }

    deinit {
        if let pointer { curl_multi_cleanup(pointer) }
    }

    /// libcurl wants this once, before anything else: https://curl.se/libcurl/c/curl_global_init.html
    private static let globalInitialization = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    /// Makes a waiting ``wait()`` return.
    func wake() {
        if let pointer { curl_multi_wakeup(pointer) }
    }

    /// The size of the connection cache. libcurl's own default could close connections that are about to be used again.
    func keepConnections(_ count: Int) {
        guard let pointer else { return }
        _ = ecrshare_multi_setopt_long(pointer, CURLMOPT_MAXCONNECTS, count)
        _ = ecrshare_multi_setopt_long(pointer, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    /// False when libcurl does not take the transfer.
    func add(_ easy: EasyHandle) -> Bool {
        guard let pointer else { return false }
        return curl_multi_add_handle(pointer, easy.pointer) == CURLM_OK
    }

    func remove(_ easy: EasyHandle) {
        guard let pointer else { return }
        curl_multi_remove_handle(pointer, easy.pointer)
    }

    /// Moves all transfers on and hands over those that have ended, each with libcurl's verdict.
    func perform(finished: (EasyHandle, CURLcode) -> Void) {
        guard let pointer else { return }
        var running: Int32 = 0
        _ = curl_multi_perform(pointer, &running)
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(pointer, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            // The message dies with the removal, so its result is read first.
            let result = message.pointee.data.result
            if let easy = EasyHandle.owner(of: handle) { finished(easy, result) }
        }
    }

    /// Waits until a socket is ready, a transfer's time is up, or somebody wakes it.
    func wait() {
        guard let pointer else { return }
        // libcurl shortens the time by its own timers; this is only the longest it stays without any.
        _ = curl_multi_poll(pointer, nil, 0, 60_000, nil)
    }
}
