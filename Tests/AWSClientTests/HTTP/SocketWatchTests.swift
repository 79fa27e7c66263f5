import Testing

@testable import AWSClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Pipes stand for sockets: poll(2) makes no difference.
@Suite struct SocketWatchTests {
    private let pipes = (0..<3).map { _ in WakePipe() }
    /// What libcurl calls `CURL_POLL_IN` and `CURL_CSELECT_IN`: https://curl.se/libcurl/c/CURLMOPT_SOCKETFUNCTION.html
    private let reading: Int32 = 1

    private func watch() -> SocketWatch {
        var watch = SocketWatch(first: pipes[0].readingEnd)
        for pipe in pipes.dropFirst() { watch.watch(pipe.readingEnd, reading) }
        return watch
    }

    @Test func `What has happened is told of the socket to which it has`() {
        var watch = watch()
        #expect(watch.wait(milliseconds: 0).sockets.isEmpty)
        pipes[2].wake()
        let (sockets, isWoken) = watch.wait(milliseconds: 60_000)
        #expect(sockets == [pipes[2].readingEnd])
        #expect(!isWoken)
        #expect(watch.seen(of: pipes[2].readingEnd) == reading)
        #expect(watch.seen(of: pipes[1].readingEnd) == nil)
    }

    @Test func `A wake ends the wait once, however often it was rung`() {
        var watch = watch()
        pipes[0].wake()
        pipes[0].wake()
        let (sockets, isWoken) = watch.wait(milliseconds: 60_000)
        #expect(sockets.isEmpty && isWoken)
        pipes[0].drain()
        #expect(!watch.wait(milliseconds: 0).first)
    }

    @Test func `What was seen is void when libcurl asks anew, as for another connection with the same number`() {
        var watch = watch()
        pipes[1].wake()
        _ = watch.wait(milliseconds: 60_000)
        watch.watch(pipes[1].readingEnd, reading)
        #expect(watch.seen(of: pipes[1].readingEnd) == nil)
        #expect(watch.wait(milliseconds: 60_000).sockets == [pipes[1].readingEnd])
    }

    @Test func `Forgetting one socket leaves the others watched`() {
        var watch = watch()
        for pipe in pipes { pipe.wake() }
        watch.forget(pipes[1].readingEnd)
        watch.forget(pipes[1].readingEnd)
        let (sockets, isWoken) = watch.wait(milliseconds: 60_000)
        #expect(sockets == [pipes[2].readingEnd])
        #expect(isWoken)
        #expect(watch.seen(of: pipes[1].readingEnd) == nil)
        #expect(watch.seen(of: pipes[2].readingEnd) == reading)
    }

    @Test func `Without a pipe the sockets are watched all the same`() {
        var watch = SocketWatch(first: -1)
        watch.watch(pipes[1].readingEnd, reading)
        pipes[1].wake()
        let (sockets, isWoken) = watch.wait(milliseconds: 60_000)
        #expect(sockets == [pipes[1].readingEnd])
        #expect(!isWoken)
    }
}
