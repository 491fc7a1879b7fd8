import Mustache

/// What a template reads: a view's properties by their names, looked up once.
///
/// The library reflects a whole value again for each name that a template mentions, and once more for each value around
/// it. On a page of some hundred rows that is most of the server's work, so it is done once for each value here.
enum TemplateValue {
    /// Dictionaries and arrays in the place of structures and sequences; what prints itself stays what it is. A property
    /// that is nil is left out, so that its name means what it means further outside.
    static func of(_ value: Any) -> Any? {
        switch value {
        case is String, is Bool, is Int, is any MustacheParent: value
        default: reflected(value)
        }
    }

    private static func reflected(_ value: Any) -> Any? {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            return mirror.children.first.flatMap { of($0.value) }
        case .collection:
            return mirror.children.compactMap { of($0.value) }
        case .struct where !(value is any CustomStringConvertible):
            var properties: [String: Any] = [:]
            for child in mirror.children {
                if let name = child.label, let property = of(child.value) { properties[name] = property }
            }
            return properties
        default:
            return value
        }
    }
}
