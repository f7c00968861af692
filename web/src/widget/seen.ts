/** Half of it in view for so long, and it was seen. */
const enough = 1000;

/** Tells which of the elements were seen, each once, those of one moment together. Answers how to stop. */
export function watch(elements: [Element, string][], tell: (seen: string[]) => void): () => void {
  const names = new Map(elements);
  const waiting = new Map<Element, number>();
  let seen: string[] = [];
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      window.clearTimeout(waiting.get(target));
      if (isIntersecting) waiting.set(target, window.setTimeout(() => note(target), enough));
    }
  }, { threshold: 0.5 });

  function note(target: Element) {
    observer.unobserve(target);
    seen.push(names.get(target) ?? "");
    if (seen.length === 1) {
      window.setTimeout(() => {
        tell(seen);
        seen = [];
      }, enough / 4);
    }
  }

  for (const element of names.keys()) observer.observe(element);
  return () => {
    observer.disconnect();
    for (const timer of waiting.values()) window.clearTimeout(timer);
  };
}
