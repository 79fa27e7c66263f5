import Platform
import Testing

@testable import AWSClient

/// Pipes replace sockets: neither poll(2) nor epoll(7) makes a difference.
@Suite struct SocketWatchTests {
    enum Kind: CaseIterable {
        case best, poll

        func watch(first: Int32) -> any SocketWatch {
            self == .best ? socketWatch(first: first) : PollWatch(first: first)
        }
    }

    private let pipes = (0..<3).map { _ in WakePipe() }
    /// What libcurl calls `CURL_POLL_IN` and `CURL_CSELECT_IN`: https://curl.se/libcurl/c/CURLMOPT_SOCKETFUNCTION.html
    private let reading: Int32 = 1

    private func watch(_ kind: Kind) -> any SocketWatch {
        var watch = kind.watch(first: pipes[0].readingEnd)
        for pipe in pipes.dropFirst() { watch.watch(pipe.readingEnd, reading) }
        return watch
    }

    @Test(arguments: Kind.allCases) func `What has happened is reported for its socket`(kind: Kind) {
        var watch = watch(kind)
        #expect(watch.wait(milliseconds: 0).sockets.isEmpty)
        pipes[2].wake()
        let (sockets, isWoken) = watch.wait(milliseconds: 60_000)
        #expect(sockets == [pipes[2].readingEnd])
        #expect(!isWoken)
        #expect(watch.seen(of: pipes[2].readingEnd) == reading)
        #expect(watch.seen(of: pipes[1].readingEnd) == nil)
    }

    @Test(arguments: Kind.allCases) func `A wake ends the wait once, however often it was rung`(kind: Kind) {
        var watch = watch(kind)
        pipes[0].wake()
        pipes[0].wake()
        let (sockets, isWoken) = watch.wait(milliseconds: 60_000)
        #expect(sockets.isEmpty && isWoken)
        pipes[0].drain()
        #expect(!watch.wait(milliseconds: 0).first)
    }

    @Test(arguments: Kind.allCases)
    func `What was seen is void when libcurl asks anew, as for another connection with the same number`(kind: Kind) {
        var watch = watch(kind)
        pipes[1].wake()
        _ = watch.wait(milliseconds: 60_000)
        watch.watch(pipes[1].readingEnd, reading)
        #expect(watch.seen(of: pipes[1].readingEnd) == nil)
        #expect(watch.wait(milliseconds: 60_000).sockets == [pipes[1].readingEnd])
    }

    @Test(arguments: Kind.allCases) func `Forgetting one socket leaves the others watched`(kind: Kind) {
        var watch = watch(kind)
        for pipe in pipes { pipe.wake() }
        watch.forget(pipes[1].readingEnd)
        watch.forget(pipes[1].readingEnd)
        let (sockets, isWoken) = watch.wait(milliseconds: 60_000)
        #expect(sockets == [pipes[2].readingEnd])
        #expect(isWoken)
        #expect(watch.seen(of: pipes[1].readingEnd) == nil)
        #expect(watch.seen(of: pipes[2].readingEnd) == reading)
    }

    @Test(arguments: Kind.allCases) func `Without a pipe the sockets are watched all the same`(kind: Kind) {
        var watch = kind.watch(first: -1)
        watch.watch(pipes[1].readingEnd, reading)
        pipes[1].wake()
        let (sockets, isWoken) = watch.wait(milliseconds: 60_000)
        #expect(sockets == [pipes[1].readingEnd])
        #expect(!isWoken)
    }

    @Test(arguments: Kind.allCases) func `What is not taken up is reported again`(kind: Kind) {
        var watch = watch(kind)
        pipes[1].wake()
        for _ in 0..<2 { #expect(watch.wait(milliseconds: 60_000).sockets == [pipes[1].readingEnd]) }
        pipes[1].drain()
        #expect(watch.wait(milliseconds: 0).sockets.isEmpty)
        #expect(watch.seen(of: pipes[1].readingEnd) == nil)
    }

    @Test(arguments: Kind.allCases) func `Another socket with the number of a closed one is watched`(kind: Kind) {
        var watch = watch(kind)
        let number = dup(pipes[1].readingEnd)
        watch.watch(number, reading)
        _ = watch.wait(milliseconds: 0)
        let other = WakePipe()
        // Closes the one and gives its number to the other, with libcurl asking again or not forgetting first.
        #expect(dup2(other.readingEnd, number) == number)
        watch.watch(number, reading)
        #expect(watch.wait(milliseconds: 0).sockets.isEmpty)
        other.wake()
        #expect(watch.wait(milliseconds: 60_000).sockets == [number])
        watch.forget(number)
        close(number)
        #expect(watch.wait(milliseconds: 0).sockets.isEmpty)
    }

    @Test(arguments: Kind.allCases) func `A socket that is closed already is reported as an error`(kind: Kind) {
        var watch = watch(kind)
        let number = dup(pipes[1].readingEnd)
        close(number)
        watch.watch(number, reading)
        #expect(watch.wait(milliseconds: 60_000).sockets == [number])
        #expect(watch.seen(of: number) == 4)
    }

    @Test(arguments: Kind.allCases) func `Hundreds of sockets are all reported in the end`(kind: Kind) {
        let many = (0..<300).map { _ in WakePipe() }
        var watch = kind.watch(first: -1)
        for pipe in many { watch.watch(pipe.readingEnd, reading) }
        for pipe in many { pipe.wake() }
        var told: Set<Int32> = []
        for _ in 0..<10 where told.count < many.count {
            for socket in watch.wait(milliseconds: 60_000).sockets {
                told.insert(socket)
                many.first { $0.readingEnd == socket }?.drain()
            }
        }
        #expect(told == Set(many.map(\.readingEnd)))
    }
}
