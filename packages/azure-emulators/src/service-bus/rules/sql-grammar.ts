import { grammar } from 'ohm-js';

/** The language of SQL rule filters and actions. */
export const sqlGrammar = grammar(String.raw`
  ServiceBusSql {
    Filter = Condition end
    Action = NonemptyListOf<Statement, ";"> ";"? end

    Statement
      = set Property "=" Condition  -- set
      | remove Property             -- remove

    Condition
      = Condition or Conjunction  -- or
      | Conjunction
    Conjunction
      = Conjunction and Negation  -- and
      | Negation
    Negation
      = not Negation  -- not
      | Predicate

    Predicate
      = Sum is null                                   -- isNull
      | Sum is not null                               -- isNotNull
      | Sum not? like Sum Escape?                     -- like
      | Sum not? in "(" NonemptyListOf<Sum, ","> ")"  -- in
      | exists "(" Property ")"                       -- exists
      | Sum comparison Sum                            -- compare
      | Sum
    Escape = escape string

    Sum
      = Sum "+" Product  -- plus
      | Sum "-" Product  -- minus
      | Product
    Product
      = Product "*" Sign  -- times
      | Product "/" Sign  -- divide
      | Product "%" Sign  -- modulo
      | Sign
    Sign
      = "-" Sign  -- minus
      | "+" Sign  -- plus
      | Primary
    Primary
      = "(" Condition ")"          -- group
      | Call
      | literal
      | parameter
      | Property

    Call
      = (caseInsensitive<"property"> | caseInsensitive<"p">) "(" (string | name) ")"  -- property
      | caseInsensitive<"newid"> "(" ")"                                              -- newId

    Property
      = scope "." name  -- scoped
      | name            -- plain
    scope = (caseInsensitive<"sys"> | caseInsensitive<"user">) ~namePart

    comparison = "<>" | "!=" | ">=" | "<=" | "=" | ">" | "<"

    literal = number | string | true | false | null
    number
      = caseInsensitive<"0x"> hexDigit+                                            -- hex
      | digit* "." digit+ exponent?                                                -- decimal
      | digit+ "."? exponent                                                       -- float
      | digit+ ~namePart                                                           -- integer
    exponent = caseInsensitive<"e"> ("+" | "-")? digit+
    string = "'" ("''" | ~"'" any)* "'"
    parameter = "@" namePart+

    name
      = "[" ("]]" | ~"]" any)+ "]"      -- bracketed
      | "\"" ("\"\"" | ~"\"" any)+ "\""  -- quoted
      | ~keyword nameStart namePart*    -- plain
    nameStart = letter | "_" | "$"
    namePart = letter | digit | "_" | "$"

    keyword = and | or | not | is | null | like | escape | in | exists | true | false | set | remove
    and = caseInsensitive<"and"> ~namePart
    or = caseInsensitive<"or"> ~namePart
    not = caseInsensitive<"not"> ~namePart
    is = caseInsensitive<"is"> ~namePart
    null = caseInsensitive<"null"> ~namePart
    like = caseInsensitive<"like"> ~namePart
    escape = caseInsensitive<"escape"> ~namePart
    in = caseInsensitive<"in"> ~namePart
    exists = caseInsensitive<"exists"> ~namePart
    true = caseInsensitive<"true"> ~namePart
    false = caseInsensitive<"false"> ~namePart
    set = caseInsensitive<"set"> ~namePart
    remove = caseInsensitive<"remove"> ~namePart
  }
`);
