/* html_style.h - the style sheet of the HTML report and its script, without which the
 * report only lacks sorting. */
#ifndef ANALYSIS_REPORT_HTML_STYLE_H
#define ANALYSIS_REPORT_HTML_STYLE_H

#define HTML_STYLE                                                                       \
    ":root{color-scheme:light dark;--paper:#ffffff;--ink:#1b1f24;--muted:#5b626b;"       \
    "--grid:#d9dde2;--shade:#f3f5f7;--bad:#c00018;--link:#0059a8}\n"                     \
    "*{box-sizing:border-box}\n"                                                         \
    "body{margin:0 auto;max-width:80rem;padding:1rem 1.25rem 3rem;"                      \
    "background:var(--paper);color:var(--ink);"                                          \
    "font:1rem/1.5 \"DejaVu Sans\",Verdana,sans-serif}\n"                                \
    "h1{font-size:1.5rem;margin:.5rem 0}\n"                                              \
    "h2{font-size:1.2rem;margin:2rem 0 .5rem;border-bottom:2px solid var(--grid)}\n"     \
    "h3{font-size:1rem;margin:1.2rem 0 .4rem}\n"                                         \
    "p,ul,dl{margin:.4rem 0}\n"                                                          \
    "ul{padding-left:1.3rem}\n"                                                          \
    "td,th,li,p,h1,h2,h3,dd,dt,caption,pre{unicode-bidi:isolate}\n"                      \
    "li,p,h1,h2,h3,dd,dt,caption,pre,.pairs td{"                                         \
    "overflow-wrap:anywhere}\n"                                                          \
    ".note,.range,caption,figcaption{color:var(--muted);font-size:.85rem}\n"             \
    ".bad{color:var(--bad);font-weight:bold}\n"                                          \
    ".conclusion{border-left:4px solid var(--link);background:var(--shade);"             \
    "padding:.4rem 1rem;font-size:1.05rem}\n"                                            \
    "figure{margin:1rem 0}\n"                                                            \
    "figure svg{display:block;max-width:100%;height:auto}\n"                             \
    ".scroll{overflow-x:auto;margin:.6rem 0}\n"                                          \
    ".scroll:focus-visible,button:focus-visible{outline:3px solid var(--link);"          \
    "outline-offset:2px}\n"                                                              \
    "table{border-collapse:collapse;font-size:.85rem;line-height:1.35}\n"                \
    "caption{text-align:left;padding:.2rem 0}\n"                                         \
    "th,td{padding:.25rem .5rem;border-bottom:1px solid var(--grid);text-align:left;"    \
    "vertical-align:top}\n"                                                              \
    "thead th{background:var(--shade);vertical-align:bottom}\n"                          \
    "tbody tr:hover{background:var(--shade)}\n"                                          \
    ".n{text-align:right;font-variant-numeric:tabular-nums}\n"                           \
    ".figures td.n,.figures th[scope=row]{white-space:nowrap}\n"                         \
    ".figures{font-size:.8rem}.figures .range{font-size:.72rem}.figures "                \
    "td:last-child{min-width:6rem}\n"                                                    \
    ".range{display:block;white-space:nowrap}\n"                                         \
    ".dot{display:inline-block;width:.8em;height:.8em;margin-right:.4em;"                \
    "border-radius:50%;background:var(--light);print-color-adjust:exact;"                \
    "-webkit-print-color-adjust:exact}\n"                                                \
    "th "                                                                                \
    "button{font:inherit;font-weight:bold;color:var(--link);background:none;border:0;"   \
    "padding:.2rem 0;text-align:inherit;cursor:pointer;text-decoration:underline}\n"     \
    "th[aria-sort=ascending] button::after{content:\" \\2191\"}\n"                       \
    "th[aria-sort=descending] button::after{content:\" \\2193\"}\n"                      \
    "pre{background:var(--shade);padding:.6rem .8rem;white-space:pre-wrap;margin:.4rem " \
    "0}\n"                                                                               \
    "dt{font-weight:bold}\ndd{margin:0 0 .3rem 1rem}\n"                                  \
    "@media screen and (prefers-color-scheme:dark){\n"                                   \
    ":root{--paper:#16181c;--ink:#e6e8eb;--muted:#a3abb5;--grid:#3a3f46;"                \
    "--shade:#22262c;--bad:#ff7a85;--link:#7dbcff}\n"                                    \
    ".dot{background:var(--dark)}\n}\n"                                                  \
    "@page{size:A4;margin:12mm}\n"                                                       \
    "@media print{body{max-width:none;padding:0;font-size:9pt}"                          \
    "table,.figures{font-size:6.8pt}.range,.figures "                                    \
    ".range,.note,caption,figcaption{font-size:6.4pt}"                                   \
    "th,td{padding:.1rem .3rem}.scroll{overflow:visible}"                                \
    "thead{display:table-header-group}tr,li,dd,pre{break-inside:avoid}"                  \
    "h2,h3,dt,caption{break-after:avoid}"                                                \
    "figure{break-inside:avoid}figure svg{max-height:250mm}"                             \
    "th button{display:contents;color:inherit}}\n"

/* Buttons are made here: without the script there is nothing that does not work. A cell
 * without a figure comes last in both directions. */
#define HTML_SCRIPT                                                                   \
    "\n"                                                                              \
    "'use strict';\n"                                                                 \
    "document.querySelectorAll('table.sortable').forEach(function (table) {\n"        \
    "  var heads = Array.from(table.tHead.rows[0].cells), body = table.tBodies[0];\n" \
    "  function sort(at) {\n"                                                         \
    "    var down = heads[at].getAttribute('aria-sort') === 'ascending';\n"           \
    "    var number = heads[at].classList.contains('n');\n"                           \
    "    var rows = Array.from(body.rows).map(function (row) {\n"                     \
    "      var cell = row.cells[at];\n"                                               \
    "      var value = number ? cell.getAttribute('data-v') : "                       \
    "cell.textContent.trim();\n"                                                      \
    "      return {row: row, none: value === null || value === '',\n"                 \
    "              value: number ? Number(value) : value};\n"                         \
    "    });\n"                                                                       \
    "    rows.sort(function (a, b) {\n"                                               \
    "      if (a.none || b.none) return a.none - b.none;\n"                           \
    "      var order = number ? a.value - b.value : a.value.localeCompare(\n"         \
    "          b.value, undefined, {numeric: true});\n"                               \
    "      return down ? -order : order;\n"                                           \
    "    });\n"                                                                       \
    "    rows.forEach(function (item) { body.appendChild(item.row); });\n"            \
    "    heads.forEach(function (head) { head.removeAttribute('aria-sort'); });\n"    \
    "    heads[at].setAttribute('aria-sort', down ? 'descending' : 'ascending');\n"   \
    "  }\n"                                                                           \
    "  heads.forEach(function (head, at) {\n"                                         \
    "    var button = document.createElement('button');\n"                            \
    "    button.type = 'button';\n"                                                   \
    "    button.title = 'Sort by this column';\n"                                     \
    "    while (head.firstChild) button.appendChild(head.firstChild);\n"              \
    "    head.appendChild(button);\n"                                                 \
    "    button.addEventListener('click', function () { sort(at); });\n"              \
    "  });\n"                                                                         \
    "});\n"

/* SHA-256 of the script in base64: a browser runs nothing else. tests/unit/test_html.c
 * says which value it should have. */
#define HTML_SCRIPT_SHA256 "60rlqqQyk4hL88VaGgC19zMDFVcAcg50ZQQt3vF1iQE="

#endif
