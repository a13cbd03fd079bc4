const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** A time to the second, in the time zone of the browser; its title is the one in UTC. */
export function ExactTime({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {exact.format(new Date(at))}
    </time>
  );
}

/** As in `created 2 Mar 2027, 10:00:00`. */
export function Fact({ text, at }: { text: string; at: string }) {
  return (
    <>
      {text} <ExactTime at={at} />
    </>
  );
}
