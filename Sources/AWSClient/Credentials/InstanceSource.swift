import AWSValues

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
        let base = try endpoint(context)
        let patience = try Patience(context, self)
        var tokenRequest = request(.put, base, "/latest/api/token", patience)
        tokenRequest.headers["x-aws-ec2-metadata-token-ttl-seconds"] = "21600"
        let token: String
        switch try await send(tokenRequest, patience, context) {
        case .success(let text): token = text
        // Most machines are not EC2 instances, so silence here is not a failure.
        case .failure(let problem):
            return .notConfigured(reason: "no metadata service answers (\(problem.description))")
        }
        let role = try await fetch("", base, token, patience, context)
        guard let role else { return .notConfigured(reason: "the instance has no role") }
        guard let roleName = role.split(whereSeparator: \.isNewline).first.map(String.init),
            let document = try await fetch(PercentEncoding.encode(roleName), base, token, patience, context)
        else { throw broken("the metadata service returned no credentials for the instance's role") }
        do throws(FileAccessError) {
            let found = try CredentialDocument(
                Array(document.utf8), tokenName: "Token", hiding: environment.secrets + [token])
            return .found(extended(found.session, context))
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

    private func endpoint(_ context: CredentialContext) throws(CredentialsError) -> HTTPURL {
        let mode = context.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
        let isIPv6 =
            mode?.lowercased() == "ipv6"
            || (mode == nil && context.setting("AWS_IMDS_USE_IPV6", "imds_use_ipv6")?.lowercased() == "true")
        let usual = isIPv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
        let given = context.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint")
        do throws(InvalidURLError) {
            return try HTTPURL(parsing: given ?? usual)
        } catch {
            throw broken("AWS_EC2_METADATA_SERVICE_ENDPOINT is malformed: \(error)")
        }
    }

    /// How long and how often the service is asked.
    private struct Patience {
        let timeout: Duration
        let attempts: Int

        init(_ context: CredentialContext, _ source: InstanceSource) throws(CredentialsError) {
            func number(_ variable: String, _ key: String) throws(CredentialsError) -> Int {
                guard let text = context.setting(variable, key) else { return 1 }
                guard let number = Int(text), (1...600).contains(number) else {
                    throw source.broken("\(variable), or \(key) of the profile, must be a number from 1 to 600")
                }
                return number
            }
            timeout = .seconds(try number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout"))
            attempts = try number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts")
        }
    }

    private func request(
        _ method: HTTPRequest.Method,
        _ base: HTTPURL,
        _ path: String,
        _ patience: Patience
    ) -> HTTPRequest {
        var url = base
        url.path = path
        var request = HTTPRequest(method: method, url: url)
        request.plainTextRule = .loopbackAndCredentialHosts
        request.totalTimeout = patience.timeout
        return request
    }

    /// The text at a path below the credentials; nil when there is none.
    private func fetch(
        _ path: String,
        _ base: HTTPURL,
        _ token: String,
        _ patience: Patience,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> String? {
        var request = request(.get, base, InstanceSource.path + path, patience)
        request.headers["x-aws-ec2-metadata-token"] = token
        switch try await send(request, patience, context) {
        case .success(let text): return text.isEmpty ? nil : text
        case .failure(.status(404)): return nil
        case .failure(let problem): throw broken(problem.description)
        }
    }

    private func send(
        _ request: HTTPRequest,
        _ patience: Patience,
        _ context: CredentialContext
    ) async throws(CredentialsError) -> Result<String, CredentialContext.ServiceProblem> {
        let answer = try await context.ask(request, attempts: patience.attempts, pause: .milliseconds(200)) {
            $0 >= 500 || $0 == 429
        }
        return answer.map { String(decoding: $0.body, as: UTF8.self) }
    }
}

extension CredentialContext.ServiceProblem {
    fileprivate var description: String {
        switch self {
        case .status(let status): "the metadata service answered with status \(status)"
        case .transport(let error) where error.kind == .timedOut:
            "\(error); in a container it stays silent when the instance's hop limit is 1"
        case .transport(let error): error.description
        }
    }
}

extension CredentialContext {
    /// Why a service of the machine gave no answer that can be used.
    enum ServiceProblem: Error {
        case status(Int)
        case transport(HTTPError)
    }

    /// Asks a service of the machine until there is an answer that asking again would not change. `again`: whether a
    /// status may be another one then.
    func ask(
        _ request: HTTPRequest, attempts: Int, pause: Duration, again: (Int) -> Bool
    ) async throws(CredentialsError) -> Result<HTTPResponse, ServiceProblem> {
        var attempt = 1
        while true {
            let problem: ServiceProblem
            do throws(HTTPError) {
                let response = try await http.send(request)
                if response.isSuccess { return .success(response) }
                problem = .status(response.status)
                guard again(response.status) else { return .failure(problem) }
            } catch {
                guard error.kind != .cancelled else { throw .cancelled }
                problem = .transport(error)
            }
            guard attempt < attempts else { return .failure(problem) }
            attempt += 1
            do throws(CancellationError) {
                try await clock.sleep(pause)
            } catch {
                throw .cancelled
            }
        }
    }
}
