/** The button of the page to print. */
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
