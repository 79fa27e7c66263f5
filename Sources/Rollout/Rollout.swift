// Plans and executes runs over a small interface to the policies, `PolicyStore`. Knows nothing of curl and flags.
//
// The story of this module:
//
//   Planning              targets are read, each policy becomes an entry, and a run's plan the plan that undoes it.
//   PlanFile              a plan on disk: spooled, sorted, sealed by a digest, read again only when it is whole.
//   Archive               plans and journals of all runs, over the small interface `ArchiveStore`; what keeps runs
//                         apart (Lock) and how journals grow (Journal), in a folder and among objects.
//   Apply                 one repository: turn, announcement, look, write, and reading back (`ApplyStep`).
//   Run                   all repositories: canary, failure budget, interrupts, resume, and the report.
//   Concurrency, Files    fair queues and clocks; folders and files, as a run needs them.
