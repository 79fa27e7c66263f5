// An ECR, STS, IAM and Organizations of our own on loopback, with faults: what the tests and the sandbox talk to.
//
// It shares no code with the program, on purpose: it is the judge. It has its own JSON, signatures and regions, so that
// a mistake in the program's is not made here too.
//
//   World                 what exists: accounts, roles, repositories, policies; read from a seed.
//   Cloud                 the state and who may change it.
//   ECR, STS, …           what each service answers.
//   Signing               requests are refused as AWS refuses them.
//   Faults                answers that are late, lost, throttled or wrong, by rules that a test or a seed gives.
//   Server                HTTP over NIO.
