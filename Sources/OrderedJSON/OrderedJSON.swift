// JSON that comes back as it was: members in their order, numbers in their text. Pure.
//
// The story of this module: `JSONParser` reads bytes into a `JSONValue`, strictly by RFC 8259 and to a depth that no
// input can exceed, and `JSONPrinter` writes one, on a line or for people.
