//! PDF for print and for keeping, laid out by Typst (`paper.typ` beside this file).
