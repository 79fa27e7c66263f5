// How several machines work on one run without a write that is lost or sent twice, as values that know neither clocks
// nor sockets: each says what to ask of the archive next, and takes what came of it.
//
//   ClaimStateMachine     the run's claim on the archive, without expiry; `ReleaseStateMachine` gives it back.
//   LeaseStateMachine     a worker's lease on a shard: taken, renewed, taken over, left.
//   JournalStateMachine   a shard's segments: earlier epochs are sealed before anything new is announced.
//
// `Claim`, `Lease` and `Segment` are the contents of the objects; `StoreAnswer` what the archive says.
