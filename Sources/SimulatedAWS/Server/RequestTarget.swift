/// What a request asks for, derived from its headers and body alone.
struct RequestTarget {
    /// Nil for a request that no service here speaks.
    var service: AWSService?
    /// Empty when it is unknown.
    var operation = ""
    var region = ""
    /// Nil for a body that could not be read.
    var input: Call.Input?
    var repository: String?
    var object: String?
    var roleAccount: String?
    /// Why there is no service or input.
    var error: ServiceError?

    init(_ request: WireRequest) {
        if let target = request.header("x-amz-target") {
            readJSON(target, request)
        } else if request.method != "POST" || request.header("authorization")?.contains("/s3/aws4_request") == true {
            readS3(request)
        } else {
            readForm(request)
        }
        // An unknown name is not worth its own counter.
        if operation.utf8.count > 64 { operation = "" }
    }

    private mutating func readJSON(_ target: String, _ request: WireRequest) {
        let parts = target.split(separator: ".", maxSplits: 1)
        switch parts.first {
        case "AmazonEC2ContainerRegistry_V20150921": service = .ecr
        case "AWSOrganizationsV20161128": service = .organizations
        default: return
        }
        operation = parts.count > 1 ? String(parts[1]) : ""
        guard request.header("content-type")?.hasPrefix("application/x-amz-json-1.1") == true, request.method == "POST"
        else {
            error = ServiceError("UnknownOperationException", "", status: 404)
            return
        }
        guard let json = try? JSON(parsing: request.body), json.object != nil else {
            error = ServiceError("SerializationException", "")
            return
        }
        input = .json(json)
        repository = json["repositoryName"]?.string
        if repository == nil, let arn = json["resourceArn"]?.string, let slash = arn.firstIndex(of: "/") {
            repository = String(arn[slash...].dropFirst())
        }
    }

    /// No other service here is asked with anything but POST.
    private mutating func readS3(_ request: WireRequest) {
        service = .s3
        do throws(ServiceError) {
            let input = try S3Input(request)
            operation = input.operation
            object = input.keyText.map { "\(input.bucket)/\($0)" }
            guard !operation.isEmpty else { throw S3Error.notImplemented }
            self.input = .s3(input)
        } catch {
            self.error = error
        }
    }

    private mutating func readForm(_ request: WireRequest) {
        service = .sts
        guard request.header("content-type")?.hasPrefix("application/x-www-form-urlencoded") == true,
            request.method == "POST", let form = FormBody.parse(request.body)
        else {
            error = ServiceError("MalformedInput", "The body must be a form.")
            return
        }
        // The version of an API is what distinguishes Query services on one port.
        if form["Version"] == CloudState.iamVersion { service = .iam }
        operation = form["Action"] ?? ""
        input = .form(form)
        let parts = form["RoleArn"]?.split(separator: ":", omittingEmptySubsequences: false) ?? []
        if parts.count > 4 { roleAccount = String(parts[4]) }
    }
}
