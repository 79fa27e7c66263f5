import CCurl
import Platform

/// Watches sockets by poll(2), which every system has. Each wait looks at all of them.
struct PollWatch: SocketWatch {
    /// `first` is watched for reading, for good. The others follow in no order.
    private var entries: [pollfd]
    private var positions: [curl_socket_t: Int] = [:]

    init(first: Int32) {
        entries = [pollfd(fd: first, events: Int16(POLLIN), revents: 0)]
    }

    mutating func watch(_ socket: curl_socket_t, _ wanted: Int32) {
        let events: Int =
            switch wanted {
            case CURL_POLL_IN: Int(POLLIN)
            case CURL_POLL_OUT: Int(POLLOUT)
            case CURL_POLL_INOUT: Int(POLLIN) | Int(POLLOUT)
            default: 0
            }
        let entry = pollfd(fd: socket, events: Int16(events), revents: 0)
        if let position = positions[socket] {
            entries[position] = entry
        } else {
            positions[socket] = entries.count
            entries.append(entry)
        }
    }

    mutating func forget(_ socket: curl_socket_t) {
        guard let position = positions.removeValue(forKey: socket) else { return }
        let last = entries.removeLast()
        guard position < entries.count else { return }
        entries[position] = last
        positions[last.fd] = position
    }

    mutating func wait(milliseconds: Int32) -> (sockets: [curl_socket_t], first: Bool) {
        // A signal ends the wait early, as if the time were up.
        guard poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return ([], false) }
        return (entries.dropFirst().filter { $0.revents != 0 }.map(\.fd), entries[0].revents != 0)
    }

    func seen(of socket: curl_socket_t) -> Int32? {
        guard let position = positions[socket] else { return nil }
        let seen = Int32(entries[position].revents)
        guard seen != 0 else { return nil }
        var bits: Int32 = 0
        // A hang-up is found by reading.
        if seen & (Int32(POLLIN) | Int32(POLLHUP)) != 0 { bits |= CURL_CSELECT_IN }
        if seen & Int32(POLLOUT) != 0 { bits |= CURL_CSELECT_OUT }
        if seen & (Int32(POLLERR) | Int32(POLLNVAL)) != 0 { bits |= CURL_CSELECT_ERR }
        return bits
    }
}
