/** In safe mode a link is opened without its own page staying behind in the history of the window. */

/** Send the form of the page by hand's own press, then put what it leads to in the place of this page. */
export function openWithoutTrace(page: Document = document, replace = (url: string): void => location.replace(url)): void {
  const form = page.querySelector<HTMLFormElement>("#open-without-trace");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    void openForm(form, replace);
  });
}

async function openForm(form: HTMLFormElement, replace: (url: string) => void): Promise<void> {
  const fields = [...new FormData(form)].filter((field): field is [string, string] => typeof field[1] === "string");
  const body = new URLSearchParams(fields);
  try {
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
    if (answer.ok) {
      replace(answer.url);
      return;
    }
  } catch {
    // The browser's own way shows what is wrong.
  }
  form.submit();
}
