import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Usage: Check FLAVOUR[,FLAVOUR] FILE...; prints what fails, with file and flavour, and exits 1, or exits 0. */
public class Check {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var whole = true;
        for (var flavour : arguments[0].split(",")) {
            for (var at = 1; at < arguments.length; at++) {
                whole &= check(PDFAFlavour.byFlavourId(flavour), arguments[at]);
            }
        }
        System.exit(whole ? 0 : 1);
    }

    private static boolean check(PDFAFlavour flavour, String name) throws Exception {
        try (var file = new FileInputStream(name);
                var parser = Foundries.defaultInstance().createParser(file, flavour);
                var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            var result = validator.validate(parser);
            for (TestAssertion assertion : result.getTestAssertions()) {
                System.out.println(name + " " + flavour.getId() + " " + assertion.getRuleId().getClause() + " "
                        + assertion.getMessage() + " " + assertion.getLocation().getContext());
            }
            if (!result.isCompliant() && result.getTestAssertions().isEmpty()) {
                System.out.println(name + " " + flavour.getId() + " does not conform");
            }
            return result.isCompliant();
        }
    }
}
