// The matrix on paper: pictures that fit a sheet of A4 or Letter each, no more than so many.
const PAPER = { width: 690, height: 880, label: 210, most: 24 };

// The whole matrix for a printer, in pictures of one sheet each and in the light colours.
function drawPaper() {
  const paper = element("paper"), { rows, columns, head } = view, screen = { ...view, context };
  const fits = (size) => ({
    size, high: Math.floor((PAPER.height - head) / size), wide: Math.floor((PAPER.width - PAPER.label) / size),
  });
  const layout = [18, 9].map(fits).find(({ high, wide }) =>
    Math.ceil(rows.length / high) * Math.ceil(Math.max(1, columns.length) / wide) <= PAPER.most);
  paper.replaceChildren();
  if (!layout) {
    const words = "The matrix is too large for paper. The page shows it, and the lists above name what changes.";
    paper.append(make("p", words));
    return;
  }
  document.documentElement.classList.add("paper");
  readColors();
  const { size, high, wide } = layout;
  view.size = size;
  view.label = PAPER.label;
  for (let top = 0; top < rows.length; top += high) {
    for (let left = 0; left < Math.max(1, columns.length); left += wide) {
      sheet = {
        left: left * size, top: top * size,
        width: Math.max(2 * PAPER.label, PAPER.label + Math.min(wide, columns.length - left) * size),
        height: head + Math.min(high, rows.length - top) * size,
      };
      const picture = make("canvas");
      context = picture.getContext("2d");
      draw();
      paper.append(picture);
    }
  }
  sheet = null;
  context = screen.context;
  view.size = screen.size;
  view.label = screen.label;
  document.documentElement.classList.remove("paper");
  readColors();
}
