// Warns five minutes before an idle session ends. Without this script the session ends all the same, and words come back.
{
  const script = document.currentScript;
  const idle = Number(script.dataset.idle) * 1000;
  const before = 5 * 60 * 1000;
  let timer = 0;

  const warn = () => {
    const box = document.createElement("div");
    box.className = "session-warning";
    box.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = "You will be signed out in five minutes. ";
    const stay = document.createElement("button");
    stay.type = "button";
    stay.className = "button";
    stay.textContent = "Stay signed in";
    stay.addEventListener("click", async () => {
      const answer = await fetch(script.dataset.stay, { redirect: "manual", credentials: "same-origin" });
      words.textContent = answer.ok ? "" : "You were signed out. Copy what you typed before you sign in again. ";
      if (answer.ok) {
        box.remove();
        wait();
      } else {
        stay.remove();
      }
    });
    box.append(words, stay);
    document.body.append(box);
  };

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(warn, Math.max(0, idle - before));
  };
  wait();
}
