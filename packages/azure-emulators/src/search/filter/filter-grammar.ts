import { grammar } from 'ohm-js';

/**
 * The part of OData that filters are written in. `not` binds more tightly than a comparison, for which reason
 * `not price gt 5` is no filter, here as there.
 */
export const filterGrammar = grammar(`
  Filter {
    Whole = Either end
    Either = Both (or Both)*
    Both = Part (and Part)*
    Part
      = not Negated  -- not
      | Comparison
      | Alone
    Negated
      = not Negated  -- not
      | Alone ~comparison
    Alone
      = "(" Either ")"  -- group
      | path "/" quantifier "(" Each? ")"  -- lambda
      | in "(" path "," string ("," string)? ")"  -- in
      | match "(" NonemptyListOf<string, ","> ")"  -- match
      | boolean  -- constant
      | path  -- path
    Each = name ":" Either

    Comparison
      = path comparison literal  -- straight
      | literal comparison path  -- reversed
    comparison = ("eq" | "ne" | "gt" | "ge" | "lt" | "le") ~namePart
    quantifier = ("any" | "all") ~namePart
    in = "search.in" ~namePart
    match = ("search.ismatchscoring" | "search.ismatch") ~namePart

    path = name ("/" ~(quantifier space* "(") name)*
    name = ~keyword letter namePart*
    namePart = letter | digit | "_"
    keyword = (and | or | not | boolean | null | special)
    and = "and" ~namePart
    or = "or" ~namePart
    not = "not" ~namePart

    literal = date | number | string | boolean | null
    boolean = ("true" | "false") ~namePart
    null = "null" ~namePart
    special = ("NaN" | "INF") ~namePart
    string = "'" ("''" | ~"'" any)* "'"
    number
      = "-"? special  -- special
      | "-"? digit+ ("." digit+)? exponent? ~namePart  -- decimal
    exponent = ("e" | "E") ("+" | "-")? digit+
    date = digit digit digit digit "-" digit digit "-" digit digit ("T" | "t") (alnum | ":" | "." | "-" | "+")+
  }
`);
