/// An element of an AWS answer in XML: its local name, its own text and its children. Attributes and namespaces carry
/// nothing that is needed.
package struct XMLElement: Hashable, Sendable {
    package let name: String
    package fileprivate(set) var text = ""
    package fileprivate(set) var children: [XMLElement] = []

    init(name: String) {
        self.name = name
    }

    mutating func append(_ text: String) {
        self.text += text
    }

    mutating func append(_ child: XMLElement) {
        children.append(child)
    }

    /// The first child of that name.
    package func child(_ name: String) -> XMLElement? {
        children.first { $0.name == name }
    }

    /// The first element of that name at any depth, this one included, in the document's order.
    package func first(_ name: String) -> XMLElement? {
        if self.name == name { return self }
        for child in children {
            if let found = child.first(name) { return found }
        }
        return nil
    }

    /// The text of the first child of that name; nil when there is none or it is empty.
    package func text(of name: String) -> String? {
        guard let text = child(name)?.text, !text.isEmpty else { return nil }
        return text
    }
}

/// Why bytes are not XML that this program reads.
package struct XMLReadingError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
