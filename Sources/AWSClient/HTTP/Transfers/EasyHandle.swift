import AWSValues
import CCurl

/// Owns one libcurl easy handle and the transfer that it carries at the moment. Confined to ``TransferLoop``'s queue.
///
/// Handles are used again: what never changes is set once, when the handle is made.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let configuration: HTTPConfiguration
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    /// Where header lines are put together.
    private var headerLine: [CChar] = []
    /// The host and the limit that the options are set for; nil before the first request.
    private var target: Target?

    /// What rarely changes from one request to the next.
    private struct Target: Equatable {
        let url: HTTPURL
        let timeout: Int
        /// Of the answer's body, in bytes.
        let maximumSize: Int
    }

    private var order: TransferOrder?
    fileprivate var answer: IncomingAnswer
    fileprivate var upload = OutgoingBody()
    private var sentAt = Timestamp(secondsSinceEpoch: 0)

    /// Nil when libcurl cannot make or set up a handle.
    init?(_ configuration: HTTPConfiguration) {
        guard MultiHandle.problem == nil, let pointer = ecrshare_curl_easy_init() else { return nil }
        self.pointer = pointer
        self.configuration = configuration
        answer = IncomingAnswer(maximumSize: configuration.maximumResponseSize)
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard setConstantOptions() else { return nil }
    }

    deinit {
        ecrshare_curl_easy_cleanup(pointer)
        ecrshare_curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// The object behind a libcurl handle, found without searching through `CURLOPT_PRIVATE`.
    static func owner(of pointer: UnsafeMutableRawPointer) -> EasyHandle? {
        var context: UnsafeMutableRawPointer?
        guard ecrshare_curl_getinfo_pointer(pointer, CURLINFO_PRIVATE, &context) == CURLE_OK, let context else {
            return nil
        }
        return Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
    }

    /// Sets up the next transfer. False when libcurl refuses an option.
    func prepare(_ order: TransferOrder) -> Bool {
        self.order = order
        let request = order.request
        answer.reset(maximumSize: request.maximumResponseSize ?? configuration.maximumResponseSize)
        upload = OutgoingBody(request.body)
        errorText.pointee = 0
        sentAt = configuration.now()
        return setOptions(for: request)
    }

    /// Forgets the transfer and returns its order, so that exactly one result is delivered.
    func release() -> TransferOrder? {
        defer {
            order = nil
            upload = OutgoingBody()
        }
        return order
    }

    /// The transfer's result, given libcurl's verdict.
    func outcome(_ code: CURLcode) -> Result<HTTPResponse, HTTPError> {
        guard code == CURLE_OK else {
            guard !answer.isTooLarge, code != CURLE_FILESIZE_EXCEEDED else {
                return .failure(failure(.bodyTooLarge, reason: "longer than \(answer.maximumSize) bytes"))
            }
            let reason = CurlReason(String(cString: errorText), code, configuration, limit: target?.timeout, proxy)
            return .failure(
                failure(
                    HTTPError.Kind(code), reason: CleanText(reason.text, hiding: configuration.secrets).description))
        }
        guard answer.isHeadComplete else {
            return .failure(failure(.connectionLost, reason: "the response ends within its headers"))
        }
        var status = 0
        _ = ecrshare_curl_getinfo_long(pointer, CURLINFO_RESPONSE_CODE, &status)
        return .success(answer.response(status: status, sentAt: sentAt, receivedAt: configuration.now()))
    }

    /// The proxy that the running transfer goes through.
    private var proxy: Environment.Proxy? {
        guard let request = order?.request, request.url.scheme == .https, !request.goesStraight else { return nil }
        return configuration.proxy(request.url.host)
    }

    /// An error of the running transfer. The request may have arrived if libcurl has sent bytes of it.
    func failure(_ kind: HTTPError.Kind, reason: String) -> HTTPError {
        var bytesSent = 0
        _ = ecrshare_curl_getinfo_long(pointer, CURLINFO_REQUEST_SIZE, &bytesSent)
        return HTTPError(
            kind: kind,
            reason: reason,
            host: order?.request.url.authority ?? "",
            proxy: proxy,
            mayHaveReachedServer: bytesSent > 0
        )
    }
}

// MARK: - Options

extension EasyHandle {
    /// Every option's page is https://curl.se/libcurl/c/ followed by its name and `.html`.
    private func setConstantOptions() -> Bool {
        let context = Unmanaged.passUnretained(self).toOpaque()
        var isSet = [
            ecrshare_curl_setopt_pointer(pointer, CURLOPT_PRIVATE, context),
            ecrshare_curl_setopt_pointer(pointer, CURLOPT_ERRORBUFFER, errorText),
            ecrshare_curl_setopt_data_callback(pointer, CURLOPT_WRITEFUNCTION, receiveBody),
            ecrshare_curl_setopt_pointer(pointer, CURLOPT_WRITEDATA, context),
            ecrshare_curl_setopt_data_callback(pointer, CURLOPT_HEADERFUNCTION, receiveHeader),
            ecrshare_curl_setopt_pointer(pointer, CURLOPT_HEADERDATA, context),
            ecrshare_curl_setopt_data_callback(pointer, CURLOPT_READFUNCTION, sendBody),
            ecrshare_curl_setopt_pointer(pointer, CURLOPT_READDATA, context),
            ecrshare_curl_setopt_string(pointer, CURLOPT_PROTOCOLS_STR, "http,https"),
            ecrshare_curl_setopt_string(pointer, CURLOPT_USERAGENT, configuration.userAgent),
        ]
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1),
            (CURLOPT_FOLLOWLOCATION, 0),
            // The path is sent as it was signed: dots may be part of an S3 key.
            (CURLOPT_PATH_AS_IS, 1),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            (CURLOPT_HTTP09_ALLOWED, 0),
            (CURLOPT_TCP_NODELAY, 1),
            (CURLOPT_TCP_KEEPALIVE, 1),
            (CURLOPT_SSL_VERIFYPEER, 1),
            (CURLOPT_SSL_VERIFYHOST, 2),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.inMillisecondsRoundedUp),
            (CURLOPT_LOW_SPEED_LIMIT, 1),
            (CURLOPT_LOW_SPEED_TIME, max(configuration.stallTimeout.inMillisecondsRoundedUp / 1_000, 1)),
        ]
        isSet += numbers.map { ecrshare_curl_setopt_long(pointer, $0.0, $0.1) }
        if let bundle = configuration.caBundlePath {
            isSet.append(ecrshare_curl_setopt_string(pointer, CURLOPT_CAINFO, bundle))
        }
        // With a folder of certificates beside the file, libcurl would read the file again for every connection.
        var bundle: UnsafeMutableRawPointer?
        _ = ecrshare_curl_getinfo_pointer(pointer, CURLINFO_CAINFO, &bundle)
        if configuration.caBundlePath != nil || ecrshare_is_readable(bundle?.assumingMemoryBound(to: CChar.self)) {
            isSet.append(ecrshare_curl_setopt_string(pointer, CURLOPT_CAPATH, nil))
        }
        return isSet.allSatisfy { $0 == CURLE_OK }
    }

    private func setOptions(for request: HTTPRequest) -> Bool {
        guard setTarget(of: request) else { return false }
        // What has no body could be sent again on another connection; a connection of its own rules that out.
        let isOnlyOnce = !request.mayBeRepeated && request.body.isEmpty
        var isSet = [ecrshare_curl_setopt_long(pointer, CURLOPT_FRESH_CONNECT, isOnlyOnce ? 1 : 0)]
        if request.method == .get {
            isSet.append(ecrshare_curl_setopt_long(pointer, CURLOPT_HTTPGET, 1))
            isSet.append(ecrshare_curl_setopt_string(pointer, CURLOPT_CUSTOMREQUEST, nil))
        } else {
            let method = request.method == .post ? nil : request.method.rawValue
            isSet.append(ecrshare_curl_setopt_long(pointer, CURLOPT_POST, 1))
            isSet.append(ecrshare_curl_setopt_string(pointer, CURLOPT_CUSTOMREQUEST, method))
            isSet.append(
                ecrshare_curl_setopt_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            )
            isSet.append(setBodySource(for: request))
        }
        isSet.append(setHeaders(for: request))
        return isSet.allSatisfy { $0 == CURLE_OK }
    }

    private func setTarget(of request: HTTPRequest) -> Bool {
        let timeout = (request.totalTimeout ?? configuration.totalTimeout).inMillisecondsRoundedUp
        let target = Target(url: request.url, timeout: timeout, maximumSize: answer.maximumSize)
        guard target != self.target else { return true }
        let isSet = [
            ecrshare_curl_setopt_string(pointer, CURLOPT_URL, request.url.description),
            ecrshare_curl_setopt_long(pointer, CURLOPT_TIMEOUT_MS, timeout),
            ecrshare_curl_setopt_offset(pointer, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(answer.maximumSize)),
            // Proxies come from the usual variables, but what stays on this machine or beside it goes straight.
            ecrshare_curl_setopt_string(
                pointer,
                CURLOPT_NOPROXY,
                request.goesStraight ? "*" : nil
            ),
        ].allSatisfy { $0 == CURLE_OK }
        self.target = isSet ? target : nil
        return isSet
    }

    /// libcurl sends a request again by itself when a connection that it had kept alive breaks before the first byte of
    /// an answer. With a copied body it can; with a body that it reads through a callback, and no way to rewind it, it
    /// cannot, and reports the loss instead.
    private func setBodySource(for request: HTTPRequest) -> CURLcode {
        guard request.mayBeRepeated else { return ecrshare_curl_setopt_string(pointer, CURLOPT_POSTFIELDS, nil) }
        return request.body.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else {
                return ecrshare_curl_setopt_string(pointer, CURLOPT_COPYPOSTFIELDS, "")
            }
            // Copies as many bytes as POSTFIELDSIZE_LARGE says; nothing points into the array afterwards.
            return ecrshare_curl_setopt_pointer(
                pointer,
                CURLOPT_COPYPOSTFIELDS,
                UnsafeMutableRawPointer(mutating: base)
            )
        }
    }

    private func setHeaders(for request: HTTPRequest) -> CURLcode {
        var list: UnsafeMutablePointer<curl_slist>?
        for field in request.headers.fields {
            headerLine.removeAll(keepingCapacity: true)
            appendToLine(field.name)
            // A field without a value is written with a semicolon: https://curl.se/libcurl/c/CURLOPT_HTTPHEADER.html
            appendToLine(field.value.isEmpty ? ";" : ": ")
            appendToLine(field.value)
            headerLine.append(0)
            list = ecrshare_curl_slist_append(list, headerLine)
        }
        // libcurl's own additions that are not wanted: a name alone removes the field.
        list = ecrshare_curl_slist_append(list, "Expect:")
        if request.headers["Accept"] == nil { list = ecrshare_curl_slist_append(list, "Accept:") }
        if request.method != .get, request.headers["Content-Type"] == nil {
            list = ecrshare_curl_slist_append(list, "Content-Type:")
        }
        let result = ecrshare_curl_setopt_slist(pointer, CURLOPT_HTTPHEADER, list)
        ecrshare_curl_slist_free_all(headerList)
        headerList = list
        return result
    }

    private func appendToLine(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { headerLine.append(contentsOf: $0) }
        }
    }
}

// MARK: - Callbacks

/// https://curl.se/libcurl/c/CURLOPT_WRITEFUNCTION.html
private func receiveBody(
    _ data: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let data, let context else { return 0 }
    let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
    return handle.answer.append(body: UnsafeRawBufferPointer(start: data, count: size * count))
}

/// https://curl.se/libcurl/c/CURLOPT_HEADERFUNCTION.html
private func receiveHeader(
    _ data: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let data, let context else { return 0 }
    let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
    return handle.answer.append(headerLine: UnsafeRawBufferPointer(start: data, count: size * count))
}

/// https://curl.se/libcurl/c/CURLOPT_READFUNCTION.html
private func sendBody(
    _ data: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let data, let context else { return 0 }
    let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
    return handle.upload.read(into: UnsafeMutableRawBufferPointer(start: data, count: size * count))
}
