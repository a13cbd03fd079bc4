import { useEffect, useLayoutEffect, useRef } from 'react';
import { useLocation } from 'wouter';

/** A view that needs longer than this gets no focus on its heading, and no scroll position. */
const SETTLE_MS = 5_000;
const MAX_POSITIONS = 100;

/** How far each address was scrolled, by its hash. */
const positions = new Map<string, number>();

/**
 * After a change of view: scrolls to the start, or after Back to where the view was, and moves the
 * focus to its heading, which screen readers then read.
 */
export function useViewChange(): void {
  const [path] = useLocation();
  const shown = useRef(path);
  const isTraversal = useRef(false);

  useEffect(() => {
    let hash = location.hash;
    // The browser does not know when a view has loaded what it was scrolled to.
    history.scrollRestoration = 'manual';
    const onScroll = () => remember(hash, scrollY);
    const onTraversal = () => {
      isTraversal.current = true;
    };
    const onHashChange = () => {
      hash = location.hash;
      // When the path is the same, nothing else resets it.
      setTimeout(() => {
        isTraversal.current = false;
      });
    };
    addEventListener('scroll', onScroll, { passive: true });
    addEventListener('popstate', onTraversal);
    addEventListener('hashchange', onHashChange);
    return () => {
      removeEventListener('scroll', onScroll);
      removeEventListener('popstate', onTraversal);
      removeEventListener('hashchange', onHashChange);
    };
  }, []);

  useLayoutEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    const top = isTraversal.current ? (positions.get(location.hash) ?? 0) : 0;
    isTraversal.current = false;
    scrollTo(0, 0);
    return settle(top);
  }, [path]);
}

function remember(hash: string, top: number): void {
  positions.delete(hash);
  positions.set(hash, top);
  const [oldest] = positions.keys();
  if (positions.size > MAX_POSITIONS && oldest !== undefined) positions.delete(oldest);
}

/** Focuses the heading and scrolls once the view has them. Returns a function that cancels both. */
function settle(top: number): () => void {
  const main = document.querySelector('main');
  // Tabs keep the focus: the keyboard continues from one to the next.
  const hasToFocus = !document.activeElement?.closest('[role="tab"]');
  if (hasToFocus) main?.focus({ preventScroll: true });
  let isFocused = !hasToFocus;
  let isScrolled = top === 0;
  const check = () => {
    if (!isFocused) isFocused = focusHeading(main);
    if (!isScrolled && document.documentElement.scrollHeight >= top + innerHeight) {
      scrollTo(0, top);
      isScrolled = true;
    }
    if (isFocused && isScrolled) stop();
  };
  const observer = new MutationObserver(check);
  const timer = setTimeout(stop, SETTLE_MS);
  function stop() {
    observer.disconnect();
    clearTimeout(timer);
    removeEventListener('wheel', stop);
    removeEventListener('keydown', stop);
    removeEventListener('pointerdown', stop);
  }
  if (main) observer.observe(main, { childList: true, subtree: true });
  // A user who scrolls or types meanwhile decides where the focus and the view are.
  addEventListener('wheel', stop, { passive: true });
  addEventListener('keydown', stop);
  addEventListener('pointerdown', stop);
  check();
  return stop;
}

/** Focuses the heading, once there is one. Returns whether nothing is left to do. */
function focusHeading(main: HTMLElement | null): boolean {
  const { activeElement } = document;
  if (activeElement !== main && activeElement !== document.body) return true;
  const heading = main?.querySelector<HTMLElement>('h2');
  if (!heading) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  // The view before it is hidden, and cannot have the focus, while the next one is loaded.
  return document.activeElement === heading;
}
