/** Width to height of a tile. */
const aspect = 16 / 9;

/** Tiles side by side look better in a wide box than tiles on top of each other that are larger by no more than this. */
const nearly = 0.9;

/** How many columns make `count` tiles, 16:9 and `gap` px apart, as large as they can be in a box, and how wide each is then, in px. */
export function bestGrid(
  count: number,
  box: { width: number; height: number },
  gap: number,
): { columns: number; width: number } {
  const grids = Array.from({ length: count }, (_, i) => {
    const columns = i + 1;
    const rows = Math.ceil(count / columns);
    const byWidth = (box.width - gap * (columns - 1)) / columns;
    const byHeight = ((box.height - gap * (rows - 1)) / rows) * aspect;
    return { columns, width: Math.max(0, Math.floor(Math.min(byWidth, byHeight))) };
  });
  const enough = Math.max(...grids.map(({ width }) => width)) * (box.width > box.height ? nearly : 1);
  return grids.findLast(({ width }) => width >= enough) ?? { columns: 1, width: 0 };
}
