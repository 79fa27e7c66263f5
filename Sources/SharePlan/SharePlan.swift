// The pure core: values in, values out. No files, no network, no C, nothing asynchronous.
//
// The story of this module, a folder a step:
//
//   Grants                the words of the field as types, beside those of AWSValues: consumers, access, grants.
//   Matrix                CSV bytes become a `Matrix`: who is to have which access to which repository.
//   Policy                a live document and the wanted grants become the desired document (`LivePolicy`).
//   Evaluation            what a document allows whom, by rules that share no code with Policy: the second opinion.
//   Plan                  the difference as data: entries, warnings, limits, the format, and how a run is undone.
//   Run                   what became of a plan when it was executed, folded from the outcomes of its changes.
//   Rendering             a plan, a run or an answer about access as text, Markdown, JSON, HTML or a script.
