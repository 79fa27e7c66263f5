#if os(Linux)
    import CCurl

    import Platform

    /// Watches sockets by epoll(7): a wait costs what has happened, not what is watched.
    ///
    /// libcurl asks again for its socket with each transfer. The kernel is informed before the next wait, once for all
    /// that was asked meanwhile.
    struct EpollWatch: SocketWatch {
        private struct Entry {
            /// nil when it is to be forgotten.
            var wanted: UInt32?
            /// Whether the kernel was informed of a socket with this number. It forgets by itself when that was closed.
            var isTold = false
            var mustTell = false
            var seen: UInt32 = 0
        }

        /// Closes it when the last copy of the watch is gone.
        private final class Descriptor {
            let number: Int32

            init(_ number: Int32) {
                self.number = number
            }

            deinit {
                _ = close(number)
            }
        }

        private let epoll: Descriptor
        private let first: Int32
        private var entries: [curl_socket_t: Entry] = [:]
        /// Those of which the kernel must be informed.
        private var asked: [curl_socket_t] = []
        /// Those that the last wait saw.
        private var ready: [curl_socket_t] = []
        /// More than these are found by the next wait.
        private var events = [epoll_event](repeating: epoll_event(), count: 128)

        /// nil when the process has no descriptors left.
        init?(first: Int32) {
            let number = epoll_create1(Int32(EPOLL_CLOEXEC))
            guard number >= 0 else { return nil }
            epoll = Descriptor(number)
            self.first = first
            guard first < 0 || control(EPOLL_CTL_ADD, first, EPOLLIN.rawValue) == 0 else { return nil }
        }

        mutating func watch(_ socket: curl_socket_t, _ wanted: Int32) {
            let events: UInt32 =
                switch wanted {
                case CURL_POLL_IN: EPOLLIN.rawValue
                case CURL_POLL_OUT: EPOLLOUT.rawValue
                case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
                default: 0
                }
            ask(socket, events)
        }

        mutating func forget(_ socket: curl_socket_t) {
            guard entries[socket] != nil else { return }
            ask(socket, nil)
        }

        private mutating func ask(_ socket: curl_socket_t, _ wanted: UInt32?) {
            var entry = entries[socket] ?? Entry()
            if !entry.mustTell { asked.append(socket) }
            entry.wanted = wanted
            entry.mustTell = true
            entry.seen = 0
            entries[socket] = entry
        }

        mutating func wait(milliseconds: Int32) -> (sockets: [curl_socket_t], first: Bool) {
            for socket in ready { entries[socket]?.seen = 0 }
            ready = []
            for socket in asked { tell(of: socket) }
            asked = []
            // A socket that cannot be watched is reported at once.
            let timeout = ready.isEmpty ? milliseconds : 0
            var isWoken = false
            // A signal ends the wait early, as if the time were up.
            for index in 0..<Int(max(0, epoll_wait(epoll.number, &events, Int32(events.count), timeout))) {
                let socket = events[index].data.fd
                if socket == first {
                    isWoken = true
                } else if entries[socket]?.wanted != nil {
                    entries[socket]?.seen = events[index].events
                    ready.append(socket)
                }
            }
            return (ready, isWoken)
        }

        private mutating func tell(of socket: curl_socket_t) {
            guard var entry = entries[socket] else { return }
            guard let wanted = entry.wanted else {
                // Fails when the socket was closed, which comes to the same.
                if entry.isTold { _ = control(EPOLL_CTL_DEL, socket, 0) }
                entries[socket] = nil
                return
            }
            var isWatched = entry.isTold && control(EPOLL_CTL_MOD, socket, wanted) == 0
            // The number may now be that of another socket, of which the kernel does not know.
            if !isWatched { isWatched = control(EPOLL_CTL_ADD, socket, wanted) == 0 }
            entry.isTold = isWatched
            entry.mustTell = false
            if !isWatched {
                entry.seen = EPOLLERR.rawValue
                ready.append(socket)
            }
            entries[socket] = entry
        }

        private func control(_ operation: Int32, _ socket: Int32, _ wanted: UInt32) -> Int32 {
            var event = epoll_event()
            event.events = wanted
            event.data.fd = socket
            return epoll_ctl(epoll.number, operation, socket, &event)
        }

        func seen(of socket: curl_socket_t) -> Int32? {
            guard let seen = entries[socket]?.seen, seen != 0 else { return nil }
            var bits: Int32 = 0
            // A hang-up is found by reading.
            if seen & (EPOLLIN.rawValue | EPOLLHUP.rawValue) != 0 { bits |= CURL_CSELECT_IN }
            if seen & EPOLLOUT.rawValue != 0 { bits |= CURL_CSELECT_OUT }
            if seen & EPOLLERR.rawValue != 0 { bits |= CURL_CSELECT_ERR }
            return bits
        }
    }
#endif
