"""A browser without a screen, and the dashboard in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from support import eventually

_ARGUMENTS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-background-networking", "--window-size=1360,1000",
)


class Browser:
    """Debian's Chromium, driven by its own driver."""

    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        for argument in (*_ARGUMENTS, f"--user-data-dir={profile}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))

    def close(self) -> None:
        self.driver.quit()

    def complaints(self) -> list[str]:
        """What the console says since the last time, but for answers that are no success: the page explains those."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["source"] != "network"]

    def requests(self) -> list[dict[str, Any]]:
        """What was asked of any server since the last time."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [message["params"]["request"] for message in messages if message["method"] == "Network.requestWillBeSent"]

    def emulate(self, width: int, height: int, theme: str) -> None:
        """A window of a size, before somebody who likes a theme."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": theme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def end_emulation(self) -> None:
        self.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    def script(self, text: str) -> Any:
        return self.driver.execute_script(text)


class Dashboard:
    """The page as somebody uses it."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = f"{url}/ui"

    def open(self) -> None:
        """Opens the page for somebody who was never there."""
        self.browser.driver.get(self.url)
        self.browser.script("sessionStorage.clear(); localStorage.clear()")
        self.browser.driver.get(self.url)

    def sign_in(self, project: str, token: str) -> None:
        self.fill("project", project)
        self.fill("token", token)
        self.find("#sign-in-form [type=submit]").click()

    def find(self, selector: str) -> WebElement:
        return self.browser.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        """The elements of a selector that are to be seen."""
        return [one for one in self.browser.driver.find_elements(By.CSS_SELECTOR, selector) if one.is_displayed()]

    def nameless(self, place: str) -> list[str]:
        """What can be used in a place, and of which a screen reader could not say what it is."""
        kinds = ("button", "input", "select", "textarea", "[role=tab]", "[role=region]", "[role=progressbar]")
        usable = self.all(", ".join(f"{place} {kind}" for kind in kinds))
        assert usable
        return [element.get_attribute("outerHTML") for element in usable if not element.accessible_name]

    def text(self, name: str) -> str:
        return self.find(f"#{name}").text

    def click(self, name: str) -> None:
        """Clicks what has an id, once it can be clicked."""
        self.until(f"{name} can be clicked", lambda: (e := self.find(f"#{name}")).is_displayed() and e.is_enabled())
        self.find(f"#{name}").click()

    def fill(self, name: str, text: str) -> None:
        field = self.find(f"#{name}")
        field.clear()
        field.send_keys(text)

    def press(self, *keys: str) -> None:
        self.browser.driver.switch_to.active_element.send_keys(*keys)

    def focused(self) -> str:
        """The id, or else the text, of what has the focus."""
        element = self.browser.driver.switch_to.active_element
        return element.get_attribute("id") or element.text or element.tag_name

    def ask(self, hosts: str, ports: str, **choices: str) -> None:
        """Opens the form of a new scan and fills it in."""
        self.click("new-scan")
        self.browser.script("document.getElementById('scan-form').reset()")
        self.fill("hosts", hosts)
        self.fill("ports", ports)
        for name, value in choices.items():
            self.find(f"#{name} option[value={value}]").click()

    def choose(self, scan: str) -> None:
        """Chooses a scan of the list, once it is there."""
        item = f"[data-key='{scan}'] button"
        self.until("the scan is listed", lambda: self.all(item))
        self.find(item).click()

    def state(self) -> str:
        """The state of the scan that is looked at."""
        return self.text("scan-state")

    def until(self, what: str, condition: Callable[[], Any], seconds: float = 30) -> Any:
        return eventually(what, condition, seconds)


TAB = Keys.TAB
ESCAPE = Keys.ESCAPE
RIGHT = Keys.ARROW_RIGHT
