// The pure core: values in, values out. No files, no network, no C, no concurrency.
//
// The story of this module, a folder a step:
//
//   Identifiers, Grants   the words of the field as types: accounts, regions, repositories, consumers, access.
//   Matrix                CSV bytes become a `Matrix`: who is to have which access to which repository.
//   JSON                  values that keep the order of members and the text of numbers.
//   Policy                a live document and the wanted grants become the desired document (`LivePolicy`).
//   Evaluation            what a document allows whom, by rules that share no code with Policy: the second opinion.
//   Plan                  the difference as data: entries, warnings, limits, the format, and how a run is undone.
//   Run                   what became of a plan when it was executed, folded from the outcomes of its changes.
//   Rendering             a plan, a run or an answer about access as text, Markdown, JSON, HTML or a script.
