import { grammar } from 'ohm-js';

/** The part of Lucene's syntax that is understood here. What follows on each other is joined by the search mode. */
export const fullGrammar = grammar(String.raw`
  Full {
    Whole = Either end
    Either = Adjacent (or Adjacent)*
    Adjacent = Both+
    Both = Clause (and Clause)*
    Clause = sign? Fielded boost?
    Fielded
      = path ":" Basic  -- named
      | Basic
    Basic
      = "(" Either ")"  -- group
      | phrase
      | term
    phrase = "\"" (escaped | ~("\"" | "\\") any)* "\"" ~"~"
    term
      = "*" ~mark  -- everything
      | word "~" digit? ~digit  -- fuzzy
      | word "*"  -- prefix
      | word  -- plain
    word = ~keyword mark+
    mark = escaped | ~(special | space) any
    escaped = "\\" any
    special = "(" | ")" | "\"" | ":" | "^" | "~" | "*" | "?" | "[" | "]" | "{" | "}" | "/" | "\\" | "&&" | "||"
    sign = "+" | "-" | "!" | not
    boost = "^" digit+ ("." digit+)?
    path = nameStart namePart* ("/" nameStart namePart*)*
    nameStart = "a".."z" | "A".."Z"
    namePart = nameStart | digit | "_"
    and = "AND" ~mark | "&&"
    or = "OR" ~mark | "||"
    not = "NOT" ~mark
    keyword = ("AND" | "OR" | "NOT") ~mark | "+" | "-" | "!"
  }
`);
