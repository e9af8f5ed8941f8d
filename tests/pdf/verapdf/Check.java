import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Usage: Check FLAVOUR FILE; prints what fails and exits 1, or exits 0. */
public class Check {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var flavour = PDFAFlavour.byFlavourId(arguments[0]);
        try (var file = new FileInputStream(arguments[1]);
                var parser = Foundries.defaultInstance().createParser(file, flavour);
                var validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            var result = validator.validate(parser);
            for (TestAssertion assertion : result.getTestAssertions()) {
                System.out.println(assertion.getRuleId().getClause() + " " + assertion.getMessage()
                        + " " + assertion.getLocation().getContext());
            }
            System.exit(result.isCompliant() ? 0 : 1);
        }
    }
}
