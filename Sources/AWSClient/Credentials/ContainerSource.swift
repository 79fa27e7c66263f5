/// The credential service of ECS, EKS Pod Identity and similar, named by variables.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
struct ContainerSource: CredentialSource {
    let name = "container"

    func look(_ context: CredentialContext) async throws(CredentialsError) -> CredentialLookup {
        let environment = context.environment
        let url: HTTPURL
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            url = try parse("http://169.254.170.2\(path.hasPrefix("/") ? "" : "/")\(path)")
        } else if let text = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            url = try parse(text)
            guard url.scheme == .https || url.isLoopback || HTTPRequest.credentialHosts.contains(url.host) else {
                throw broken(
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI uses plain http to \(url.host); only https, loopback addresses "
                        + "and AWS's own link-local addresses are accepted"
                )
            }
        } else {
            return .notConfigured(
                reason: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set"
            )
        }
        var request = HTTPRequest(method: .get, url: url, headers: ["Accept": "application/json"])
        let token = try authorization(environment)
        request.headers["Authorization"] = token
        let secrets = environment.secrets + [token].compactMap { $0 }
        request.plainTextRule = .loopbackAndCredentialHosts
        request.totalTimeout = .seconds(2)
        switch try await context.ask(request, attempts: 3, pause: .seconds(1), again: { $0 >= 500 }) {
        case .success(let response):
            do throws(FileAccessError) {
                return .found(try CredentialDocument(response.body, tokenName: "Token", hiding: secrets).session)
            } catch {
                throw broken(error.description)
            }
        case .failure(.status(let status)): throw broken("\(url.authority) answered with status \(status)")
        case .failure(.transport(let error)): throw broken(error.description)
        }
    }

    private func parse(_ text: String) throws(CredentialsError) -> HTTPURL {
        do throws(InvalidURLError) {
            return try HTTPURL(parsing: text)
        } catch {
            throw broken("its address is malformed: \(error)")
        }
    }

    private func authorization(_ environment: Environment) throws(CredentialsError) -> String? {
        var token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            do throws(FileAccessError) {
                guard let bytes = try environment.readFile(path) else {
                    throw FileAccessError("the token file \(path) does not exist")
                }
                token = String(decoding: bytes, as: UTF8.self)
                while token?.last?.isNewline == true { token?.removeLast() }
            } catch {
                throw broken(error.description)
            }
        }
        guard token?.contains(where: \.isNewline) != true else {
            throw broken("the authorization token contains a line break")
        }
        return token
    }
}
