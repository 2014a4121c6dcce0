/** The page was set up wrongly, which whoever set it up reads first. */
export function Misconfigured({ fault }: { fault: string }) {
  return (
    <main class="signed-out">
      <div class="card">
        <h1>This page is not set up yet</h1>
        <p class="form-error" role="alert">
          {fault}
        </p>
      </div>
    </main>
  );
}
