"""The style sheet of the HTML preview: black on white on every screen, one column on a phone, pages when printed."""

from __future__ import annotations

__all__ = ["STYLE"]

# Under 40rem a table row becomes a block: the row's heading, then each value beside its column's title, which the cell
# carries in data-label. Nothing is hidden and nothing has to be scrolled but the drawings.
STYLE = """
:root{color-scheme:only light}
*{box-sizing:border-box}
html{background:#fff;color:#000;font:100%/1.45 Arial,"Liberation Sans",Helvetica,sans-serif;
-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:62rem;padding:0 1rem;overflow-wrap:anywhere}
header{position:sticky;top:0;z-index:2;background:#fff;border-bottom:2px solid #000;padding:.4rem 0;font-size:.875rem;
line-height:1.3}
header p{margin:0}
.mark{font-weight:bold;letter-spacing:.02em}
header .kind{float:right;font-weight:normal}
/* A very long name leaves room for the rest; it stands whole below. */
header li:first-child{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
header ul{display:flex;flex-wrap:wrap;gap:0 1.25rem;margin:.1rem 0 0;padding:0;list-style:none}
footer{border-top:2px solid #000;margin-top:1.5rem;padding:.5rem 0 1.5rem;font-size:.875rem}
footer p{margin:0}
h1,h2,h3{line-height:1.25;margin:1.6em 0 .4em;break-after:avoid}
h1{font-size:1.5rem;margin-top:.8em}
h2{font-size:1.2rem;border-bottom:1px solid #000;padding-bottom:.15em}
h3{font-size:1.05rem}
p,ul,dl{margin:.5em 0}
dl.values{display:grid;gap:.15em 1.5rem}
dl.values div{break-inside:avoid}
dt{display:inline;font-weight:bold}
dd{display:inline;margin:0}
ul.listed,.box ul{padding-left:1.2em}
.listed li,.box li{margin:.3em 0}
.proposed{border-left:4px solid #000;padding-left:.8em}
.box{border:3px solid #000;padding:.3em 1em .6em;margin:1em 0}
.box h3{margin-top:.5em}
table{border-collapse:collapse;width:100%;margin:1em 0 .4em;font-size:.9375rem;line-height:1.35;
font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:bold;padding:.2em 0;break-after:avoid}
th,td{text-align:left;vertical-align:top;padding:.25em .8em .25em 0;border-bottom:1px solid #000}
th,td{min-width:5.2em}
tbody th{min-width:7em}
th[scope=row].sub{min-width:4em}
thead th{border-top:2px solid #000;border-bottom-width:2px}
tbody:last-child tr:last-child>*,tbody:last-child th[rowspan]{border-bottom-width:2px}
tbody th{font-weight:normal}
.strong{font-weight:bold}
td.right,th.right{text-align:right}
td.center,th.center{text-align:center}
tr{break-inside:avoid}
.note{font-size:.875rem}
figure{margin:1.2em 0;break-inside:avoid}
figcaption{font-weight:bold;padding:.2em 0}
.drawing{overflow-x:auto}
svg{display:block;width:100%;min-width:44rem;height:auto}
.signature{border:1px solid #000;padding:.2em 1em .8em;margin:1em 0;break-inside:avoid}
.signature h3{margin-top:.6em}
.signature dl div{display:grid;grid-template-columns:11em 1fr;gap:1em;align-items:end;min-height:2.4em}
.signature dt{font-weight:normal}
.signature dd{border-bottom:1px solid #000;min-height:1.5em}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (min-width:40.01rem){
dl.in-2{grid-template-columns:repeat(2,1fr)}
dl.in-3{grid-template-columns:repeat(3,1fr)}
}
@media screen and (max-width:40rem){
header .kind{display:none}
table,caption,tbody,tr,th,td{display:block;min-width:0!important}
caption{border-bottom:2px solid #000}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{border-bottom:1px solid #000;padding:.35em 0}
tbody:last-child tr:last-child{border-bottom-width:2px}
tbody th,tbody td{border:0!important;padding:.1em 0}
tbody th{font-weight:bold}
th[scope=rowgroup]{font-size:1rem}
th.sub{padding-left:.6em}
tbody td{display:grid;grid-template-columns:minmax(5em,30%) 1fr;gap:.8em;padding-left:.6em;text-align:left!important}
tbody td::before{content:attr(data-label);font-size:.875rem}
tbody td:empty{display:none}
.signature dl div{grid-template-columns:1fr;gap:0;padding:.3em 0}
}
@media screen and (max-width:46rem){figcaption::after{content:" (swipe sideways)";font-weight:normal}}
@media screen and (max-height:30rem){header{position:static}}
@media print{
@page{margin:12mm 12mm 15mm}
@page{@bottom-right{content:"Page " counter(page) " of " counter(pages);font:8pt Arial,sans-serif}}
html{font-size:9.5pt;line-height:1.3}
body{display:table;max-width:none;width:100%;padding:0}
header{display:table-header-group;position:static;break-inside:avoid}
header>div{border-bottom:1.5px solid #000;padding-bottom:3pt;margin-bottom:6pt}
main{display:table-row-group}
footer{display:table-footer-group;break-inside:avoid;font-size:8pt}
footer p:first-child{border-top:1.5px solid #000;padding-top:2pt;margin-top:4pt}
thead,tbody tr:first-child,tr:has(>[colspan]){break-after:avoid}
svg{min-width:0}
}
"""
