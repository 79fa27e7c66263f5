extension HTMLPage {
    /// The page's style sheet. Colours are variables, so that the canvas can read them too.
    static let style = #"""
        :root, :root.paper {
          --page: #f5f6f8; --panel: #ffffff; --ink: #1b2230; --muted: #5a6473; --line: #dde2e9; --hover: #eef2f8;
          --accent: #2457c5; --gain: #17834d; --gain-soft: #e3f4ea; --loss: #c3283a; --loss-soft: #fdeaec;
          --kept: #b9c7da; --foreign: #9a78c9; --denied: #2b303a; --warning: #8a5a00; --warning-soft: #fdf3dc;
          --mark: #ffe08a; --row: #f1f3f7; --on: #ffffff;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root:not(.paper) {
            --page: #11141a; --panel: #181c24; --ink: #dfe5ee; --muted: #93a0b3; --line: #2a3240; --hover: #212938;
            --accent: #86abff; --gain: #35b573; --gain-soft: #14301f; --loss: #ff6a78; --loss-soft: #3a191e;
            --kept: #3d4d66; --foreign: #a888da; --denied: #e8ebf0; --warning: #e0b354; --warning-soft: #33290f;
            --mark: #6b5710; --row: #1e242e; --on: #11141a;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        html, body { height: 100%; margin: 0; }
        body {
          display: flex; flex-direction: column; background: var(--page); color: var(--ink);
          font: 13px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
        }
        code, .mono, #window, table.diff { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        h1 { font-size: 17px; font-weight: 650; margin: 0; letter-spacing: -.01em; }
        h2 { font-size: 13px; font-weight: 650; margin: 0; }
        p { margin: 0; }
        button, select, input { font: inherit; color: inherit; }
        button, select, input[type="search"] {
          background: var(--panel); border: 1px solid var(--line); border-radius: 5px; padding: 3px 8px; min-height: 28px;
        }
        button { cursor: pointer; }
        button:hover { background: var(--hover); }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
        .label { color: var(--muted); }
        .gap { flex: 1; }
        .top {
          display: flex; flex-wrap: wrap; gap: 12px 32px; align-items: center; padding: 14px 20px 12px;
          background: var(--panel); border-bottom: 1px solid var(--line);
        }
        .headline { flex: 1 1 320px; min-width: 0; }
        #source { color: var(--muted); overflow-wrap: anywhere; }
        #totals { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 0; }
        #totals div { display: flex; flex-direction: column-reverse; align-items: flex-end; }
        #totals dt { color: var(--muted); font-size: 11px; }
        #totals dd { margin: 0; font-size: 19px; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.2; }
        #totals .zero dd { color: var(--muted); font-weight: 400; }
        #totals .loss dd { color: var(--loss); }
        #totals .gain dd { color: var(--gain); }
        #totals .warning dd { color: var(--warning); }
        .apply {
          display: flex; flex-wrap: wrap; gap: 4px 28px; padding: 6px 20px; background: var(--panel);
          border-bottom: 1px solid var(--line); font-size: 12px;
        }
        .apply code { overflow-wrap: anywhere; }
        .apply button { min-height: 22px; padding: 0 8px; margin-left: 6px; }
        main { flex: 1 1 auto; min-height: 480px; display: flex; }
        #changes {
          flex: 0 0 340px; display: flex; flex-direction: column; border-right: 1px solid var(--line); min-height: 0;
        }
        #changes > h2, #map > h2 { padding: 10px 20px 6px; }
        #sections { overflow: auto; padding: 0 12px 16px; flex: 1; }
        #sections h3 {
          position: sticky; top: 0; z-index: 1; margin: 0; padding: 8px 8px 4px; background: var(--page); font-size: 11px;
          font-weight: 650; text-transform: uppercase; letter-spacing: .05em; color: var(--muted);
        }
        #sections h3.loss, #sections h3.problem { color: var(--loss); }
        #sections h3.gain { color: var(--gain); }
        #sections h3.warning, #sections h3.undone { color: var(--warning); }
        #sections ul { list-style: none; margin: 0; padding: 0; }
        .card {
          display: block; width: 100%; text-align: left; margin: 0 0 6px; padding: 7px 10px; border-radius: 6px;
          border-left: 3px solid var(--kept); overflow-wrap: anywhere; line-height: 1.4;
        }
        .card.loss, .card.problem { border-left-color: var(--loss); }
        .card.gain { border-left-color: var(--gain); }
        .card.warning { border-left-color: var(--warning); }
        .card.undone { border-left: 3px dashed var(--warning); }
        .card[aria-pressed="true"] { background: var(--hover); border-color: var(--accent); }
        .card b { font-weight: 600; }
        .card span { display: block; }
        .card:not([aria-pressed="true"]) :is(.place, .gain, .same) {
          display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; overflow: hidden;
        }
        .card .loss, .card .problem { color: var(--loss); }
        .card .warning { color: var(--ink); }
        .card .gain { color: var(--gain); }
        .card .reason, .card .place { color: var(--muted); }
        .more { color: var(--muted); padding: 2px 8px 6px; }
        #map { flex: 1 1 auto; display: flex; flex-direction: column; min-width: 0; padding-bottom: 8px; }
        #filters { display: flex; flex-wrap: wrap; gap: 6px 12px; padding: 0 20px 8px; align-items: end; }
        #filters label { display: flex; flex-direction: column; color: var(--muted); font-size: 11px; gap: 1px; }
        #filters select, #filters input { color: var(--ink); font-size: 13px; }
        #filters input[type="search"] { width: 230px; }
        #chosen { margin: 0 20px 8px; padding: 4px 10px; background: var(--hover); border-radius: 5px; }
        #chosen { display: flex; gap: 10px; align-items: center; }
        #chosen span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        #chosen button { flex: none; }
        #chosen button { min-height: 22px; padding: 0 8px; }
        .tools {
          display: flex; flex-wrap: wrap; gap: 6px 24px; align-items: center; justify-content: space-between;
          padding: 0 20px 8px; color: var(--muted); font-size: 12px;
        }
        .legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 0; padding: 0; }
        .legend i {
          display: inline-block; width: 14px; height: 14px; margin-right: 5px; border-radius: 2px; vertical-align: -2px;
          font: 700 11px/14px ui-monospace, Menlo, Consolas, monospace; text-align: center; color: var(--on);
        }
        .legend .added { background: var(--gain); }
        .legend .removed { background: var(--loss); }
        .legend .kept { background: var(--kept); }
        .legend .foreign { border: 2px solid var(--foreign); }
        .legend .denied { color: var(--denied); font-size: 17px; }
        .legend .undone { border: 1px dashed var(--warning); color: var(--ink); line-height: 12px; }
        #order { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: center; }
        #order label { display: flex; gap: 5px; align-items: center; }
        #order select { color: var(--ink); min-height: 24px; padding: 1px 4px; }
        #order input { width: 80px; accent-color: var(--accent); }
        #grid {
          flex: 1 1 auto; min-height: 260px; margin: 0 20px; overflow: auto; position: relative; background: var(--panel);
          border: 1px solid var(--line); border-radius: 6px;
        }
        #space { position: relative; }
        #canvas { position: sticky; top: 0; left: 0; display: block; }
        #paper { display: none; }
        .foot { display: flex; gap: 20px; justify-content: space-between; padding: 5px 20px 0; color: var(--muted); font-size: 12px; min-height: 24px; }
        #status { overflow-wrap: anywhere; }
        #help { flex: none; }
        #tip {
          position: fixed; z-index: 5; pointer-events: none; max-width: 460px; padding: 5px 9px; border-radius: 5px;
          background: var(--ink); color: var(--panel); font-size: 12px; overflow-wrap: anywhere; white-space: pre-line;
        }
        .spoken {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
        }
        dialog {
          width: min(1400px, 96vw); height: min(900px, 92vh); padding: 0; border: 1px solid var(--line);
          border-radius: 8px; background: var(--panel); color: var(--ink);
        }
        dialog[open] { display: flex; flex-direction: column; }
        dialog::backdrop { background: rgb(0 0 0 / 45%); }
        dialog form {
          display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 10px 16px;
          border-bottom: 1px solid var(--line);
        }
        dialog h2 { font-size: 15px; overflow-wrap: anywhere; }
        #detail-kind { color: var(--muted); }
        #detail-body { flex: 1; overflow: auto; padding: 12px 16px; }
        #detail-body > p { margin: 0 0 6px; overflow-wrap: anywhere; }
        #detail-body .loss, #detail-body .problem { color: var(--loss); }
        #detail-body .gain { color: var(--gain); }
        #detail-body .warning { color: var(--warning); }
        table.diff { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 12px; line-height: 1.5; margin-top: 8px; }
        table.diff th {
          position: sticky; top: -12px; background: var(--panel); text-align: left; padding: 4px 8px; font-weight: 600;
          border-bottom: 1px solid var(--line);
        }
        table.diff td { padding: 0 8px; vertical-align: top; white-space: pre-wrap; overflow-wrap: anywhere; }
        table.diff .number { width: 4.5em; text-align: right; color: var(--muted); user-select: none; }
        table.diff .removed { background: var(--loss-soft); }
        table.diff .added { background: var(--gain-soft); }
        table.diff .skipped td { background: var(--row); color: var(--muted); padding: 2px 8px; }
        mark { background: var(--mark); color: inherit; }
        @media screen and (max-width: 900px) {
          main { flex-direction: column; }
          #changes { flex: 0 0 auto; max-height: max(300px, 50vh); border-right: 0; border-bottom: 1px solid var(--line); }
          #grid { min-height: 420px; }
        }
        /* On paper nothing scrolls, so nothing may be cut. */
        @page { margin: 12mm; }
        @media print {
          * { print-color-adjust: exact; }
          html, body { height: auto; orphans: 2; widows: 2; }
          body { background: none; }
          body, main, #changes, #map { display: block; }
          .apply button, #filters, #chosen button, #order, #grid, #tip, .foot, .spoken, dialog { display: none; }
          .top, .apply, #changes > h2, #map > h2, .tools { padding-left: 0; padding-right: 0; }
          #changes { border: 0; }
          #sections { overflow: visible; padding: 0; }
          #sections h3 { position: static; padding-left: 0; background: none; break-after: avoid; }
          /* A button cannot be broken between pages, the item around it can. */
          .card { display: contents; }
          .card b { display: block; break-after: avoid; }
          .card :is(.place, .gain, .same) { display: block !important; overflow: visible !important; }
          #sections li {
            margin: 0 0 8px; padding: 2px 10px; border-left: 3px solid var(--kept); overflow-wrap: anywhere;
          }
          #sections li:is(.loss, .problem) { border-left-color: var(--loss); }
          #sections li.gain { border-left-color: var(--gain); }
          #sections li:is(.warning, .undone) { border-left-color: var(--warning); }
          #chosen { margin-left: 0; margin-right: 0; }
          #map > h2, .tools { break-after: avoid; }
          #paper { display: block; }
          #paper canvas { display: block; max-width: 100%; margin: 0 0 12px; break-inside: avoid; }
        }
        """#
}
