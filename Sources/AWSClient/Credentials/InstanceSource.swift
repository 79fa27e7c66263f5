/// The metadata service of an EC2 instance, version 2 only: version 1 gives its answers to whoever can make a server
/// send a GET, so it is not used.
///
/// Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
struct InstanceSource: CredentialSource {
    let name = "EC2 instance"
    private static let path = "/latest/meta-data/iam/security-credentials/"

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        let environment = context.environment
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else {
            return .notConfigured(reason: "AWS_EC2_METADATA_DISABLED is true")
        }
        let base = try endpoint(environment)
        var tokenRequest = request(.put, base, "/latest/api/token")
        tokenRequest.headers["x-aws-ec2-metadata-token-ttl-seconds"] = "21600"
        let token: String
        switch try await send(tokenRequest, context) {
        case .success(let text): token = text
        // Most machines are no EC2 instances, so silence here is no failure.
        case .failure(let problem):
            return .notConfigured(reason: "no metadata service answers (\(problem.description))")
        }
        let role = try await fetch("", base, token, context)
        guard let role else { return .notConfigured(reason: "the instance has no role") }
        guard let roleName = role.split(whereSeparator: \.isNewline).first.map(String.init),
            let document = try await fetch(PercentEncoding.encode(roleName), base, token, context)
        else { throw broken("the metadata service gives no credentials for the instance's role") }
        do throws(FileAccessError) {
            return .found(extended(try CredentialDocument(Array(document.utf8), tokenName: "Token").session, context))
        } catch {
            throw broken(error.description)
        }
    }

    /// When the service itself is in trouble it hands out expired credentials that AWS still accepts; they are used on
    /// for a while.
    private func extended(_ session: SessionCredentials, _ context: CredentialContext) -> SessionCredentials {
        let now = context.clock.wall()
        guard let expiration = session.expiration, expiration <= now + .seconds(5 * 60) else { return session }
        let minutes = 15 + 2 + 8 * context.clock.random()
        return SessionCredentials(
            session.credentials, expiration: now + .seconds(60 * minutes), account: session.account)
    }

    private func endpoint(_ environment: Environment) throws(CredentialsError) -> HTTPURL {
        let isIPv6 = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"]?.lowercased() == "ipv6"
        let usual = isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
        do throws(InvalidURLError) {
            return try HTTPURL(parsing: environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? usual)
        } catch {
            throw broken("AWS_EC2_METADATA_SERVICE_ENDPOINT is malformed: \(error)")
        }
    }

    private func request(_ method: HTTPRequest.Method, _ base: HTTPURL, _ path: String) -> HTTPRequest {
        var url = base
        url.path = path
        var request = HTTPRequest(method: method, url: url)
        request.plainTextRule = .loopbackAndCredentialHosts
        request.totalTimeout = .seconds(1)
        return request
    }

    /// The text at a path below the credentials; nil when there is none.
    private func fetch(
        _ path: String,
        _ base: HTTPURL,
        _ token: String,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> String? {
        var request = request(.get, base, InstanceSource.path + path)
        request.headers["x-aws-ec2-metadata-token"] = token
        switch try await send(request, context) {
        case .success(let text): return text.isEmpty ? nil : text
        case .failure(.status(404)): return nil
        case .failure(let problem): throw broken(problem.description)
        }
    }

    private enum Problem: Error, CustomStringConvertible {
        case status(Int)
        case transport(HTTPError)

        var description: String {
            switch self {
            case .status(let status): "the metadata service answered with status \(status)"
            case .transport(let error): error.description
            }
        }
    }

    private func send(
        _ request: HTTPRequest,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> Result<String, Problem> {
        do throws(HTTPError) {
            let response = try await context.http.send(request)
            guard response.isSuccess else { return .failure(.status(response.status)) }
            return .success(String(decoding: response.body, as: UTF8.self))
        } catch {
            guard error.kind != .cancelled else { throw .cancelled }
            return .failure(.transport(error))
        }
    }
}
