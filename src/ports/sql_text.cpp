#include "ports/sql_text.hpp"

namespace movio {

std::string like_part(std::string_view text) {
    std::string part = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') part += '\\';
        part += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return part + "%";
}

}  // namespace movio
