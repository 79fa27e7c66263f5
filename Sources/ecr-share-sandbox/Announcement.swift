import Platform
import SimulatedAWS

/// How a client reaches the sandbox. Its keys are made up and open nothing else.
struct Announcement {
    var endpoint: String
    var key: AccessKey

    /// For a person who started it.
    var line: String { "ecr-share-sandbox \(getpid()) is ready at \(endpoint)" }

    /// For a script: comments, then lines to be sourced by a shell.
    var text: String {
        """
        # endpoint \(endpoint)
        # pid \(getpid())
        export AWS_ENDPOINT_URL='\(endpoint)'
        export AWS_ACCESS_KEY_ID='\(key.id)'
        export AWS_SECRET_ACCESS_KEY='\(key.secret)'
        export AWS_REGION='us-east-1'
        export AWS_DEFAULT_REGION='us-east-1'
        export ECR_SHARE_SANDBOX_PID='\(getpid())'

        """
    }
}
