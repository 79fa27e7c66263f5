import CCurl

/// Owns libcurl's multi handle, which drives all transfers. Confined to ``TransferLoop``'s queue.
///
/// libcurl says in two callbacks which sockets to watch and when to call it in any case; we tell it what
/// happened: https://curl.se/libcurl/c/curl_multi_socket_action.html. Its simpler interface, `curl_multi_perform`,
/// looks at each transfer in each round, with a system call each; with hundreds in flight that took a sixth of the CPU
/// time.
final class MultiHandle {
    private let pointer: UnsafeMutableRawPointer?
    private let pipe: WakePipe
    private var watch: any SocketWatch
    /// When libcurl wants to be called in any case.
    private var deadline: SuspendingClock.Instant?
    /// What the last ``wait()`` found.
    private var ready: [curl_socket_t] = []
    /// Whether ``ready`` is of this round: it is empty as well when nothing has happened.
    private var hasLooked = false
    /// How many transfers libcurl has.
    private var added = 0
    /// Whether a timer has ended transfers that ``perform(finished:)`` has not handed over: nothing will wake for them.
    private var hasEnded = false

    init(wokenBy pipe: WakePipe) {
        pointer = MultiHandle.problem == nil ? ecrshare_curl_multi_init() : nil
        self.pipe = pipe
        watch = socketWatch(first: pipe.readingEnd)
        guard let pointer else { return }
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ecrshare_curl_multi_setopt_socket_callback(pointer, socketChanged, context)
        _ = ecrshare_curl_multi_setopt_timer_callback(pointer, timerChanged, context)
    }

    deinit {
        guard let pointer else { return }
        _ = ecrshare_curl_multi_setopt_socket_callback(pointer, nil, nil)
        _ = ecrshare_curl_multi_setopt_timer_callback(pointer, nil, nil)
        ecrshare_curl_multi_cleanup(pointer)
    }

    /// Why libcurl cannot be used; it is loaded when the first client asks.
    static let problem = ecrshare_curl_load().map { String(cString: $0) }

    /// The size of the connection cache. libcurl's own default could close connections that are about to be used again.
    func keepConnections(_ count: Int) {
        guard let pointer else { return }
        _ = ecrshare_curl_multi_setopt_long(pointer, CURLMOPT_MAXCONNECTS, count)
        _ = ecrshare_curl_multi_setopt_long(pointer, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
    }

    /// False when libcurl does not take the transfer.
    func add(_ easy: EasyHandle) -> Bool {
        guard let pointer else { return false }
        guard ecrshare_curl_multi_add_handle(pointer, easy.pointer) == CURLM_OK else { return false }
        added += 1
        return true
    }

    func remove(_ easy: EasyHandle) {
        guard let pointer else { return }
        ecrshare_curl_multi_remove_handle(pointer, easy.pointer)
        added -= 1
    }

    /// Waits until a socket is ready, a transfer's time is up, or somebody wakes it.
    func wait() {
        // Without a pipe (no descriptors were left) nobody can wake it, so it polls by itself.
        let longest = pipe.readingEnd < 0 ? 10 : 60_000
        let left = deadline.map { SuspendingClock.now.duration(to: $0).inMillisecondsRoundedUp } ?? longest
        look(milliseconds: hasEnded ? 0 : max(0, min(left, longest)))
    }

    /// Moves those transfers on to which something has happened, and hands over those that have ended, each with
    /// libcurl's verdict.
    func perform(finished: (EasyHandle, CURLcode) -> Void) {
        guard let pointer else { return }
        var running: Int32 = 0
        if !hasLooked { look(milliseconds: 0) }
        hasLooked = false
        for socket in ready {
            // What was seen is void where libcurl has meanwhile asked for something else.
            guard let seen = watch.seen(of: socket) else { continue }
            _ = ecrshare_curl_multi_socket_action(pointer, socket, seen, &running)
        }
        ready = []
        runTimers()
        hasEnded = false
        var remaining: Int32 = 0
        while let message = ecrshare_curl_multi_info_read(pointer, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            // The message dies with the removal, so its result is read first.
            let result = message.pointee.data.result
            if let easy = EasyHandle.owner(of: handle) { finished(easy, result) }
        }
    }

    /// Does what is due by now; transfers that were just added are.
    func runTimers() {
        guard let pointer, let deadline, deadline <= .now else { return }
        self.deadline = nil
        var running: Int32 = 0
        _ = ecrshare_curl_multi_socket_action(pointer, curl_socket_t(CURL_SOCKET_TIMEOUT), 0, &running)
        hasEnded = Int(running) < added
    }

    private func look(milliseconds: Int) {
        let (sockets, isWoken) = watch.wait(milliseconds: Int32(clamping: milliseconds))
        ready = sockets
        hasLooked = true
        if isWoken { pipe.drain() }
    }
}

// MARK: - Callbacks

/// https://curl.se/libcurl/c/CURLMOPT_SOCKETFUNCTION.html
private func socketChanged(
    _ easy: UnsafeMutableRawPointer?,
    _ socket: curl_socket_t,
    _ wanted: Int32,
    _ context: UnsafeMutableRawPointer?,
    _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue().watch(socket, wanted)
    return 0
}

/// https://curl.se/libcurl/c/CURLMOPT_TIMERFUNCTION.html
private func timerChanged(
    _ multi: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
    return 0
}

extension MultiHandle {
    fileprivate func watch(_ socket: curl_socket_t, _ wanted: Int32) {
        if wanted == CURL_POLL_REMOVE { watch.forget(socket) } else { watch.watch(socket, wanted) }
    }

    /// -1 is none.
    fileprivate func setTimer(_ milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }
}
