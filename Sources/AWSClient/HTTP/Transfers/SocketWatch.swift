import CCurl

/// The sockets that libcurl wants to hear of, and one that wakes whoever waits for them. Confined to ``TransferLoop``'s
/// queue.
protocol SocketWatch {
    /// Watches the socket for what libcurl says in `CURL_POLL_…`, from now on. What had been seen of it is forgotten:
    /// it may have been of another connection, whose number this one has.
    mutating func watch(_ socket: curl_socket_t, _ wanted: Int32)

    mutating func forget(_ socket: curl_socket_t)

    /// Waits until something has happened or the time, in milliseconds, is up. Returns the sockets to which something
    /// has happened, the first not among them, and whether something has happened to the first.
    mutating func wait(milliseconds: Int32) -> (sockets: [curl_socket_t], first: Bool)

    /// What the last wait saw of the socket, as `CURL_CSELECT_…`; nil if nothing, or if libcurl has asked again since.
    func seen(of socket: curl_socket_t) -> Int32?
}

/// The best watch that this system has. `first` is watched for reading, for good.
func socketWatch(first: Int32) -> any SocketWatch {
    #if os(Linux)
        if let watch = EpollWatch(first: first) { return watch }
    #endif
    return PollWatch(first: first)
}
