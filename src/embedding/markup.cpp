#include "embedding/markup.hpp"

namespace movio::embedding {
namespace {

bool is_unknown_to_xml(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; }

}  // namespace

std::string escaped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default:
                if (!is_unknown_to_xml(c)) out += c;
        }
    }
    return out;
}

std::string inside_script(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    for (const char c : json) {
        // Stands in texts alone, where the escape means the same.
        if (c == '<')
            out += "\\u003c";
        else
            out += c;
    }
    return out;
}

}  // namespace movio::embedding
