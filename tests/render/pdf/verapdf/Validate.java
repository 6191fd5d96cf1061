import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates files with the veraPDF engine: {@code Validate 3a,ua1 FILE...}; one line a file and flavour, failed rules below. */
public class Validate {
  public static void main(String[] arguments) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    boolean passed = true;
    for (int i = 1; i < arguments.length; i++) {
      for (String name : arguments[0].split(",")) {
        passed &= validate(name, arguments[i]);
      }
    }
    System.exit(passed ? 0 : 1);
  }

  private static boolean validate(String name, String file) throws Exception {
    PDFAFlavour flavour = PDFAFlavour.byFlavourId(name);
    try (FileInputStream input = new FileInputStream(file);
        PDFAParser parser = Foundries.defaultInstance().createParser(input, flavour);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
      ValidationResult result = validator.validate(parser);
      System.out.println((result.isCompliant() ? "PASS " : "FAIL ") + name + " " + result.getTotalAssertions() + " " + file);
      for (TestAssertion assertion : result.getTestAssertions()) {
        if (assertion.getStatus() == TestAssertion.Status.FAILED) {
          System.out.println("  " + assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber()
              + " " + assertion.getMessage() + " at " + assertion.getLocation().getContext());
        }
      }
      return result.isCompliant();
    }
  }
}
