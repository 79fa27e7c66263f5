// Everything that speaks to AWS: sockets, secrets and C are here and nowhere else. Knows no matrices and no plans.
//
// The story of this module, from the process outwards:
//
//   Environment           variables, files and child processes, as a value that tests replace.
//   Credentials           who asks: the chain of sources, shared files (Profiles), owner roles (Sessions).
//   Endpoints             which host a call goes to.
//   Calls                 one call: its turn at the rate limit, its signature, its attempts, its answer.
//   Throttling, Signing   the parts of that which are pure: state machines and Signature Version 4.
//   HTTP                  requests over libcurl; Transfers is the loop that alone touches its handles.
//   Errors                what went wrong, in words, and without anything secret.
//   XML                   what some answers are written in; others are OrderedJSON's.
//   ECR, STS, …           a folder for each service that is called.
