// Not a module: it runs before the page is drawn, so that nobody sees the wrong theme flash by.
{
    const themes = ["system", "light", "dark"];
    const key = "tasker-theme";

    /** The theme of last time; the system's where there is none, or the browser keeps nothing. */
    const remembered = () => {
        try {
            return themes.find((theme) => theme === localStorage.getItem(key)) ?? "system";
        } catch {
            return "system";
        }
    };

    const remember = (theme) => {
        try {
            localStorage.setItem(key, theme);
        } catch {
            // A browser that keeps nothing shows the system's theme next time.
        }
    };

    const apply = (theme) => {
        document.documentElement.dataset.theme = theme;
        const button = document.getElementById("theme");
        if (!button) return;
        button.textContent = { system: "◐ Auto", light: "○ Light", dark: "● Dark" }[theme];
        button.setAttribute("aria-label", `Theme: ${theme}`);
    };

    let current = remembered();
    apply(current);
    document.addEventListener("DOMContentLoaded", () => {
        apply(current);
        document.getElementById("theme").addEventListener("click", () => {
            current = themes[(themes.indexOf(current) + 1) % themes.length];
            remember(current);
            apply(current);
        });
    });
}
