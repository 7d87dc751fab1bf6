import { grammar } from 'ohm-js';

const keywords = [
  'select distinct top value from as join in where group order by asc desc and or not between like exists array',
  'null true false undefined udf',
].flatMap((line) => line.split(' '));
/** Words that mean something in one place alone, and name properties elsewhere. */
const softKeywords = ['escape', 'offset', 'limit'];

const rules = [...keywords, ...softKeywords].map((word) => `${word} = caseInsensitive<"${word}"> ~namePart`);

/**
 * The query language. Where Azure's own precedence is not clear to a reader (`NOT a = b`, `a || b = c`), parentheses are
 * asked for: such a query is refused and not guessed at. Repetition is written as such and not as left recursion, for
 * which the parser takes a hundred times as long.
 */
export const sqlGrammar = grammar(String.raw`
  CosmosSql {
    Statement = Query end
    PatchCondition = From? where Expression end

    Query = select distinct? Top? Selection From? Where? GroupBy? OrderBy? Page?
    Top = top Count
    Selection
      = "*"                         -- all
      | value Expression            -- value
      | NonemptyListOf<Item, ",">   -- list
    Item
      = Expression as name  -- named
      | Expression name     -- shortly
      | Expression          -- plain
    From = from Source Join*
    Join = join Source
    Source
      = name in Path             -- each
      | "(" Query ")" as? name   -- query
      | Path as name             -- named
      | Path name                -- shortly
      | Path                     -- plain
    Path = name Step*
    Step
      = "." property               -- named
      | "[" (string | index) "]"   -- bracketed
    Where = where Expression
    GroupBy = group by NonemptyListOf<Expression, ",">
    OrderBy = order by NonemptyListOf<Sort, ",">
    Sort = Expression (asc | desc)?
    Page = offset Count limit Count
    Count = index | parameter

    Expression = Conditional
    Conditional
      = Coalesced "?" ~"?" Conditional ":" Conditional  -- choice
      | Coalesced
    Coalesced = Disjunction ("??" Disjunction)*
    Disjunction = Conjunction (or Conjunction)*
    Conjunction = Negation (and Negation)*
    Negation
      = not Negated  -- not
      | Predicate
    Negated
      = not Negated  -- not
      | Sign
    Predicate
      = Sum not? in "(" NonemptyListOf<Expression, ","> ")"  -- in
      | Sum not? between Sum and Sum                         -- between
      | Sum not? like Sum Escape?                            -- like
      | Sum comparison Sum                                   -- compare
      | Joined
    Escape = escape string
    comparison = "<>" | "!=" | ">=" | "<=" | "=" | ">" ~">" | "<" ~"<"
    Joined = Sum (joining Sum)*
    joining = "||" | "&" | "^" | ">>>" | ">>" | "<<" | "|"

    Sum = Product (("+" | "-") Product)*
    Product = Sign (("*" | "/" | "%") Sign)*
    Sign
      = ("-" | "+" | "~") Sign  -- signed
      | Member
    Member = Primary Access*
    Access
      = "." property         -- named
      | "[" Expression "]"   -- bracketed
    Primary
      = "(" Query ")"                             -- scalar
      | "(" Expression ")"                        -- group
      | exists "(" Query ")"                      -- exists
      | array "(" Query ")"                       -- array
      | "[" ListOf<Expression, ","> "]"           -- list
      | "{" ListOf<Property, ","> "}"             -- object
      | udf "." name "(" ListOf<Expression, ","> ")"  -- userDefined
      | name "(" ListOf<Expression, ","> ")"      -- call
      | literal
      | parameter
      | name                                      -- name
    Property = (name | string) ":" Expression

    literal = number | string | null | true | false | undefined
    number
      = caseInsensitive<"0x"> hexDigit+ ~namePart              -- hex
      | digit+ ("." digit*)? exponent? ~namePart               -- decimal
      | "." digit+ exponent? ~namePart                         -- fraction
    exponent = caseInsensitive<"e"> ("+" | "-")? digit+
    index = digit+ ~namePart
    string
      = "'" (escaped | ~("'" | "\\") any)* "'"    -- single
      | "\"" (escaped | ~("\"" | "\\") any)* "\""  -- double
    escaped = "\\" any
    parameter = "@" namePart+

    name = &nameStart ~keyword nameStart namePart*
    property = &nameStart ~keyword nameStart namePart*
    nameStart = letter | "_" | "$"
    namePart = letter | digit | "_" | "$"
    keyword = ${keywords.join(' | ')}
    ${rules.join('\n    ')}

    space += "--" (~"\n" any)*  -- lineComment
           | "/*" (~"*/" any)* "*/"  -- comment
  }
`);
