// A card's number, as the node judges it (edge/ticketing/tenders.cpp): it is refused before anybody keeps it.
export function isCardNumber(text: string): boolean {
    const sum = (digits: string): number => [...digits].reverse().reduce((all, one, at) => all + ((double) => (double > 9 ? double - 9 : double))(Number(one) * (at % 2 ? 2 : 1)), 0);
    const one = (digits: string): boolean => /^[34568]\d{12,18}$/.test(digits) && sum(digits) % 10 === 0;
    return text.split(/[^\d -]+/).some((part) => {
        let run = ""; // short groups, as on a card
        return part.split(/[ -]+/).some((group) => {
            run = group.length <= 7 ? run + group : "";
            return one(group) || one(run);
        });
    });
}
