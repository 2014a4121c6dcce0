/** Addresses in a text; what ends a sentence is not part of them. */
const address = /https?:\/\/[^\s<>"]*[^\s<>".,:;!?)\]}'’”]/giu;

/** A text with its links to click on. It is text all the way: nothing in it is read as HTML. */
export function LinkedText({ text }: { text: string }) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(address)) {
    parts.push(text.slice(at, found.index));
    parts.push(
      <a href={found[0]} target="_blank" rel="noopener noreferrer">
        {found[0]}
      </a>,
    );
    at = found.index + found[0].length;
  }
  parts.push(text.slice(at));
  return <>{parts}</>;
}
