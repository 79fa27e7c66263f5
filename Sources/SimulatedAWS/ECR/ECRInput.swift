/// The members of an ECR request, checked as the service's model says.
struct ECRInput {
    let members: JSON

    func optionalString(_ name: String) throws(ServiceError) -> String? {
        guard let value = members[name], value != .null else { return nil }
        guard let text = value.string else {
            throw ServiceError("SerializationException", "'\(name)' can not be converted to a String")
        }
        return text
    }

    func string(_ name: String) throws(ServiceError) -> String {
        guard let text = try optionalString(name) else { throw .invalidParameter(name, "must not be null") }
        return text
    }

    func integer(_ name: String) throws(ServiceError) -> Int? {
        guard let value = members[name], value != .null else { return nil }
        guard let number = value.integer else {
            throw ServiceError("SerializationException", "'\(name)' can not be converted to an Integer")
        }
        return number
    }

    func strings(_ name: String) throws(ServiceError) -> [String]? {
        guard let value = members[name], value != .null else { return nil }
        let texts = value.array?.map(\.string) ?? [nil]
        guard !texts.contains(nil) else {
            throw ServiceError("SerializationException", "'\(name)' can not be converted to a list of Strings")
        }
        return texts.compactMap(\.self)
    }

    func repositoryName() throws(ServiceError) -> String {
        let name = try string("repositoryName")
        guard isRepositoryName(name) else { throw ECRInput.wrongName(name) }
        return name
    }

    static func wrongName(_ name: String) -> ServiceError {
        .invalidParameter("repositoryName", "must satisfy the rule for repository names")
    }

    /// Nil for the caller's own registry.
    func registryID() throws(ServiceError) -> String? {
        guard let id = try optionalString("registryId") else { return nil }
        guard isAccountID(id) else {
            throw .invalidParameter("registryId", "must satisfy regular expression '[0-9]{12}'")
        }
        return id
    }
}
