import CLibXML2

/// Reads small XML documents from a peer that is not trusted.
///
/// There is no network access, no external file and no document type: a document that declares one is refused at the
/// declaration, so no entity of its own is ever expanded. Size and depth are bounded.
/// Source: https://gnome.pages.gitlab.gnome.org/libxml2/html/group__xmlreader.html
enum XMLReader {
    /// In bytes; STS answers have a few thousand.
    static let maximumSize = 1 << 20
    static let maximumDepth = 16

    /// libxml2 fills tables when it is first used, and two threads that come at once would find them half full. It
    /// wants this before the first of them: https://gnome.pages.gitlab.gnome.org/libxml2/html/group__parser.html
    private static let initialization: Void = xmlInitParser()

    /// The root element of the document, which may have `maximumSize` bytes.
    static func read(_ bytes: [UInt8], maximumSize: Int = XMLReader.maximumSize) throws(XMLReadingError) -> XMLElement {
        guard bytes.count <= maximumSize else { throw XMLReadingError("longer than \(maximumSize) bytes") }
        initialization
        let result = bytes.withUnsafeBytes { buffer -> Result<XMLElement, XMLReadingError> in
            let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            guard let base = buffer.baseAddress,
                // AWS writes UTF-8; saying so keeps a document from choosing another encoding.
                let reader = xmlReaderForMemory(base, Int32(buffer.count), nil, "UTF-8", Int32(options))
            else { return .failure(XMLReadingError("empty")) }
            defer { xmlFreeTextReader(reader) }
            return Result { () throws(XMLReadingError) in try root(of: reader) }
        }
        return try result.get()
    }

    private static func root(of reader: xmlTextReaderPtr) throws(XMLReadingError) -> XMLElement {
        var open: [XMLElement] = []
        var root: XMLElement?
        var status = xmlTextReaderRead(reader)
        while status == 1 {
            switch xmlReaderTypes(rawValue: UInt32(bitPattern: xmlTextReaderNodeType(reader))) {
            case XML_READER_TYPE_ELEMENT:
                guard open.count < maximumDepth else { throw XMLReadingError("nested deeper than \(maximumDepth)") }
                open.append(XMLElement(name: string(xmlTextReaderConstLocalName(reader))))
                if xmlTextReaderIsEmptyElement(reader) == 1 { close(&open, &root) }
            case XML_READER_TYPE_END_ELEMENT:
                close(&open, &root)
            case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_SIGNIFICANT_WHITESPACE,
                XML_READER_TYPE_WHITESPACE:
                if !open.isEmpty { open[open.count - 1].append(string(xmlTextReaderConstValue(reader))) }
            case XML_READER_TYPE_DOCUMENT_TYPE:
                throw XMLReadingError("it declares a document type")
            case XML_READER_TYPE_ENTITY_REFERENCE:
                throw XMLReadingError("it refers to an entity")
            default: break  // Comments, processing instructions and the XML declaration say nothing.
            }
            status = xmlTextReaderRead(reader)
        }
        guard status == 0, open.isEmpty, let root else { throw XMLReadingError("not well-formed, or cut off") }
        return root
    }

    private static func close(_ open: inout [XMLElement], _ root: inout XMLElement?) {
        guard let element = open.popLast() else { return }
        if open.isEmpty {
            root = element
        } else {
            open[open.count - 1].append(element)
        }
    }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }
}
