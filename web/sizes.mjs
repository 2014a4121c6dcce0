import { gzipSync } from 'node:zlib';

/** A line for each [name, content]: its bytes, as they are and as they travel. */
export function sizes(files) {
  return files
    .map(([name, content]) => {
      const small = gzipSync(content, { level: 9 }).length;
      return `${name.padEnd(20)}${String(content.length).padStart(8)} bytes${String(small).padStart(8)} with gzip`;
    })
    .join('\n');
}
