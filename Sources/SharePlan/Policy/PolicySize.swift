extension String {
    /// How long ECR takes a policy to be: its Unicode code points, since that is how AWS's models count the length of a
    /// string. Ours are ASCII, so that the bytes are as many; foreign statements may hold anything.
    ///
    /// Source: https://smithy.io/2.0/spec/constraint-traits.html#length-trait and
    /// https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_SetRepositoryPolicy.html
    package var policySize: Int { utf8.count { $0 & 0b1100_0000 != 0b1000_0000 } }
}
