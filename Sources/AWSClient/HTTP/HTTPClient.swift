import Dispatch

/// Sends requests over kept-alive connections, many at once.
///
/// A loop on one serial queue owns every libcurl handle; this type only fills its mailbox. Open it with
/// ``withHTTPClient(_:isolation:_:)``.
package final class HTTPClient: Sendable {
    private let mailbox: TransferMailbox
    /// As ``HTTPConfiguration/secrets``.
    let secrets: [String]

    fileprivate init(_ configuration: HTTPConfiguration) {
        secrets = configuration.secrets
        let mailbox = TransferMailbox()
        self.mailbox = mailbox
        // A serial queue of its own: its thread waits for sockets for as long as the client is open.
        DispatchQueue(label: "ecr-share.http").async {
            TransferLoop(configuration, mailbox: mailbox).run()
        }
    }

    /// Sends one request and waits for the whole answer, whatever its status. Redirects are answers like any other.
    ///
    /// A cancelled task's transfer is taken down at once; its error says whether the request may have arrived.
    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        try request.validate()
        let ticket = TransferTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let order = TransferOrder(request: request, ticket: ticket, continuation: continuation)
                guard ticket.submit() else {
                    order.fail(.cancelled)
                    return
                }
                mailbox.post(order)
            }
        } onCancel: {
            if ticket.cancel() { mailbox.cancel(ticket) }
        }
        return try result.get()
    }

    fileprivate func close() async {
        await withCheckedContinuation { mailbox.close(whenDone: $0) }
    }
}

/// Opens an HTTP client for the time of `body`. Transfers that still run when `body` ends are taken down and fail.
package func withHTTPClient<Value, Failure>(
    _ configuration: HTTPConfiguration = HTTPConfiguration(),
    isolation: isolated (any Actor)? = #isolation,
    _ body: (HTTPClient) async throws(Failure) -> Value
) async throws(Failure) -> Value {
    let client = HTTPClient(configuration)
    let result: Result<Value, Failure>
    do throws(Failure) {
        result = .success(try await body(client))
    } catch {
        result = .failure(error)
    }
    await client.close()
    return try result.get()
}
